using System.Text.RegularExpressions;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Batch;

/// <summary>
/// The ledgers of a list that was split into parts, such as <c>prompts.csv.ledger.0-of-3.jsonl</c>. All runs of a list now share one
/// ledger.
/// </summary>
internal static partial class PartLedgers
{
    /// <summary>The full paths of the ledgers beside a list, in order.</summary>
    /// <param name="list">The full path of the list.</param>
    public static IReadOnlyList<string> Beside(string list)
    {
        string start = $"{Path.GetFileName(list)}.ledger.";
        string folder = Path.GetDirectoryName(list)!;
        return !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder)
                .Where(file => Path.GetFileName(file) is { } name
                    && name.StartsWith(start, StringComparison.Ordinal)
                    && Part().IsMatch(name.AsSpan(start.Length)))
                .Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// One line of PowerShell that moves the lines of all parts to the ledger, and keeps copies. It can be run again after an interruption,
    /// because a line that a ledger has twice counts once.
    /// </summary>
    public static string MergeCommand(IReadOnlyList<string> parts, string ledger)
    {
        string target = PowerShellText.SingleQuote(ledger);
        string[] sources = [.. parts.Select(PowerShellText.SingleQuote)];
        List<string> steps = [];
        if (!File.Exists(ledger))
        {
            // A file that is moved keeps its permissions: only the owner can read a ledger.
            steps.Add($"Move-Item -LiteralPath {sources[0]} -Destination {target}");
            sources = sources[1..];
        }

        if (sources.Length > 0)
        {
            string rest = string.Join(", ", sources);
            steps.Add($"Get-Content -LiteralPath {rest} | Add-Content -LiteralPath {target}");
            steps.Add($"Get-Item -LiteralPath {rest} | Rename-Item -NewName {{ $_.Name + '.merged' }}");
        }

        return string.Join(" && ", steps);
    }

    [GeneratedRegex(@"^[0-9]+-of-[0-9]+\.jsonl$", RegexOptions.NonBacktracking)]
    private static partial Regex Part();
}
