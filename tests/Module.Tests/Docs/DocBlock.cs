using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>A fenced block of a document, with what the document says of running it.</summary>
/// <param name="Document">The document's path from the repository's root.</param>
/// <param name="Line">The line of its first line, from 1.</param>
/// <param name="Language">The word behind the fence.</param>
/// <param name="Text">What is in it.</param>
/// <param name="Note">The HTML comments right before it, one a line; empty if there are none.</param>
internal sealed partial record DocBlock(string Document, int Line, string Language, string Text, string Note)
{
    /// <summary>Where the documents say that a sandbox in a process of its own is.</summary>
    public const string StandaloneHost = "http://127.0.0.1:8080";

    /// <summary>A block that spends money or asks for a key is checked, but not run.</summary>
    private const string RealKey = "<!-- needs a real key -->";

    /// <summary>The same for another reason, which the comment gives.</summary>
    private const string NotRun = "<!-- not run: ";

    /// <summary>Whether running it writes a warning, which the text explains.</summary>
    public bool Warns => Note.Contains("<!-- warning -->", StringComparison.Ordinal);

    public bool IsRun => !Note.Contains(RealKey, StringComparison.Ordinal) && !Note.Contains(NotRun, StringComparison.Ordinal);

    /// <summary>The ids of the errors that running it reports.</summary>
    public IReadOnlyList<string> Errors =>
        ErrorRemark().Match(Note) is { Success: true } match ? match.Groups["ids"].Value.Split(", ") : [];

    /// <summary>The HTTP statuses that it shows, other than 200; 000 where there is no answer.</summary>
    public IReadOnlyList<string> Statuses => [.. StatusRemark().Matches(Text).Select(match => match.Groups["it"].Value)];

    /// <summary>What shall go wrong with its first submission, in the words of the sandbox's header; null for nothing.</summary>
    public string? Fault => FaultRemark().Match(Note) is { Success: true } match ? match.Groups["it"].Value : null;

    /// <summary>The text with the address of another sandbox in place of a standalone one's.</summary>
    public string TextFor(SandboxServer server) =>
        Text.Replace(StandaloneHost, server.BaseAddress.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Document}:{Line}";

    [GeneratedRegex("<!-- error: (?<ids>[A-Za-z, ]+) -->", RegexOptions.NonBacktracking)]
    private static partial Regex ErrorRemark();

    [GeneratedRegex(@"# status: (?<it>\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex StatusRemark();

    [GeneratedRegex("<!-- fault: (?<it>[a-z-]+) -->", RegexOptions.NonBacktracking)]
    private static partial Regex FaultRemark();
}
