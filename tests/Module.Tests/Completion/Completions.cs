using System.Management.Automation.Language;

namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>The completions that the engine offers for a line, and the line after inserting one.</summary>
internal static class Completions
{
    private static readonly string[] s_commands =
    [
        "New-ChuiziVideo",
        "Wait-ChuiziVideo",
        "Save-ChuiziVideo",
        "Get-ChuiziVideo",
        "Set-ChuiziVideo",
        "Get-ChuiziVideoModel",
        "Export-ChuiziVideoGallery",
    ];

    // Proxy functions with the parameters of the cmdlets. They return their bound parameters.
    private const string Bind = """
        param($commands, $line)
        foreach ($name in $commands) {
            $command = Get-Command $name
            $binding = [System.Management.Automation.ProxyCommand]::GetCmdletBindingAttribute($command)
            $parameters = [System.Management.Automation.ProxyCommand]::GetParamBlock($command)
            . ([scriptblock]::Create("function Bound$name { $binding param($parameters) end { `$PSBoundParameters } }"))
        }

        & ([scriptblock]::Create($line))
        """;

    /// <summary>The completion at the mark <c>^</c>, or at the end of the line.</summary>
    public static CommandCompletion Complete(this Shell shell, string line)
    {
        int cursor = line.IndexOf('^', StringComparison.Ordinal);
        return shell.CompleteAt(cursor < 0 ? line : line.Remove(cursor, 1), cursor < 0 ? line.Length : cursor);
    }

    public static CommandCompletion CompleteAt(this Shell shell, string line, int cursor) =>
        (CommandCompletion)shell.TryComplete(line, cursor).ShouldBeClean().Output.Single().BaseObject;

    /// <summary>The completion at the cursor, or the engine's exception.</summary>
    public static Outcome TryComplete(this Shell shell, string line, int cursor) =>
        shell.Run(
            "param($line, $cursor) [System.Management.Automation.CommandCompletion]::CompleteInput($line, $cursor, $null)",
            ("line", line),
            ("cursor", cursor));

    /// <summary>The texts to insert, in the order offered.</summary>
    public static string[] Texts(this Shell shell, string line) =>
        [.. shell.Complete(line).CompletionMatches.Select(match => match.CompletionText)];

    /// <summary>The tooltip of the completion that inserts a text.</summary>
    public static string Tooltip(this Shell shell, string line, string text) =>
        shell.Complete(line).CompletionMatches.Single(match => match.CompletionText == text).ToolTip;

    /// <summary>The line after inserting a completion.</summary>
    public static string Paste(string line, CommandCompletion completion, CompletionResult match)
    {
        string clean = line.Replace("^", "", StringComparison.Ordinal);
        return clean[..completion.ReplacementIndex]
            + match.CompletionText
            + clean[(completion.ReplacementIndex + completion.ReplacementLength)..];
    }

    /// <summary>The value that the engine binds to a parameter of the line. Nothing is sent.</summary>
    public static object? Bound(this Shell shell, string line, string parameter)
    {
        Parser.ParseInput(line, out _, out ParseError[] errors);
        errors.ShouldBeEmpty(line);
        string bound = s_commands
            .OrderByDescending(name => name.Length)
            .Aggregate(line, (text, name) => text.Replace($"{name} ", $"Bound{name} ", StringComparison.Ordinal));
        Outcome outcome = shell.Run(Bind, ("commands", s_commands), ("line", bound));
        outcome.ShouldBeClean();
        object? value = ((IDictionary<string, object>)outcome.Output.Single().BaseObject)[parameter];
        return value is PSObject wrapped ? wrapped.BaseObject : value;
    }
}
