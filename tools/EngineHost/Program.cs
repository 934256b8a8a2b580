using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.EngineHost;

/// <summary>Runs a script in the real PowerShell engine where no pwsh is installed; the command line is a small part of pwsh's.</summary>
internal static class Program
{
    private const int UsageError = 64;
    private const int Interrupted = 130;

    private static int Main(string[] args)
    {
        if (HostArguments.Parse(args) is not { } arguments)
        {
            Console.Error.WriteLine(HostArguments.Usage);
            return UsageError;
        }

        using EngineSession session = new(new ConsoleTerminal());
        bool interrupted = false;
        ConsoleCancelEventHandler stop = (_, key) =>
        {
            // The first Ctrl+C stops the pipeline as pwsh does; a second one ends the process.
            key.Cancel = !interrupted;
            interrupted = true;
            session.BeginStop();
        };
        Console.CancelKeyPress += stop;
        try
        {
            int code = arguments.Command is { } command ? session.RunCommand(command) : session.RunFile(arguments.File!, arguments.Rest);
            return interrupted ? Interrupted : code;
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }
}
