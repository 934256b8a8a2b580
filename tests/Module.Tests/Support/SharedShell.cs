namespace Chuizi.Video.Module.Tests.Support;

/// <summary>A shell for all tests of a class that only read, such as help. It is not connected.</summary>
public sealed class SharedShell : IDisposable
{
    private readonly Shell _shell = new(connect: false);

    /// <summary>The folder of the shell.</summary>
    public string Folder => _shell.Folder;

    /// <summary>Runs a script in the shell.</summary>
    public Outcome Run(string script, params (string Name, object? Value)[] variables) => _shell.Run(script, variables);

    public void Dispose() => _shell.Dispose();
}
