using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>The command with which a user continues after a stop.</summary>
internal static class Resumption
{
    /// <summary>A message with one command that can be pasted; null if nothing is waited for.</summary>
    /// <param name="left">The videos that are still waited for.</param>
    /// <param name="rest">The cmdlets that the videos have not passed, each after a <c>|</c>.</param>
    public static string? Describe(IReadOnlyList<Video> left, string rest)
    {
        if (left.Count == 0)
        {
            return null;
        }

        string count = left.Count == 1 ? "1 video is" : $"{left.Count} videos are";
        return $"{count} still in progress. To continue, run:{Environment.NewLine}{CommandFor(left, rest)}";
    }

    /// <summary>The command that takes videos up again: from their ledger, or by their ids.</summary>
    public static string CommandFor(IReadOnlyList<Video> left, string rest)
    {
        string[] ledgers = [.. left.Select(video => video.Ledger ?? "").Distinct()];
        // Without one ledger that lists them all, this may be the last chance to see the ids, so all of them are shown.
        string source = ledgers is [{ Length: > 0 } ledger]
            ? $"Get-ChuiziVideo -Ledger {PowerShellText.SingleQuote(ledger)} -Status processing"
            : string.Join(", ", left.Select(video => video.Id).OfType<string>().Select(PowerShellText.SingleQuote));
        return source + rest;
    }
}
