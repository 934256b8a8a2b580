namespace Chuizi.Video.Tests.Support;

/// <summary>The result of a process that has ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ChildResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output followed by standard error.</summary>
    public string Text => Output + Errors;
}
