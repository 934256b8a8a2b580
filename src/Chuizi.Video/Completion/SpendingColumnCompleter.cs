using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Completion;

/// <summary>
/// Completes -By of Measure-ChuiziVideo with its own names and the columns in the ledgers: those of -Ledger, otherwise the recent ones.
/// </summary>
public sealed class SpendingColumnCompleter : Completer
{
    /// <summary>Enough submissions for the columns of a list.</summary>
    private const int MostRead = 200;

    internal override IEnumerable<CompletionResult> Complete(CompletionRequest request)
    {
        string[] given = [.. request.Line.Texts("Ledger").Select(path => FilePaths.Resolve(request.State.Path, path))];
        IReadOnlyList<Video> recent =
            RecentVideos.Read(given.Length > 0 ? given : ModuleSession.Current.RecentLedgers, null, MostRead, Patience);
        HashSet<string> words = request.Line.Words();
        return Offer(request.Word, [.. SpendingReport.Keys.Select(key => new CompletionItem(key, "of the video"))
            .Concat(recent.SelectMany(video => video.Input as Dictionary<string, object?> ?? [])
                .Where(column => column.Value is not null)
                .Select(column => column.Key)
                .Where(GroupNameAttribute.IsPossible)
                .Select(column => new CompletionItem(column, "column of the list")))
            .DistinctBy(item => item.Value, StringComparer.OrdinalIgnoreCase)
            .Where(item => item.Value.Equals(request.Word.Text, StringComparison.OrdinalIgnoreCase)
                || !words.Contains(item.Value))]);
    }
}
