namespace Chuizi.Video.Tests.Support;

/// <summary>What a process left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Errors">What it wrote to its standard error.</param>
public sealed record ChildResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Everything that it wrote.</summary>
    public string Text => Output + Errors;
}
