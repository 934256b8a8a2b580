using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Completion;

/// <summary>Completes -Id from the ledgers, newest first. Videos that the command can process come before all others.</summary>
public sealed class VideoIdCompleter : Completer
{
    private const int Most = 50;
    private const int LongestShown = 71;
    private const int LongestNote = 199;

    internal override IEnumerable<CompletionResult> Complete(CompletionRequest request)
    {
        PinnedConnection connection = ModuleSession.Current.Pin();
        string? origin = connection.IsUsable ? connection.Get().Origin : null;
        IReadOnlyList<Video> recent = RecentVideos.Read(Ledgers(request), origin, Most, Patience);
        HashSet<string> words = request.Line.Words();
        Video[] left =
        [
            .. recent.Where(video => VideoArgument.IsId(video.Id) && (video.Id == request.Word.Text || !words.Contains(video.Id!))),
        ];
        return request.Word.Filter(left, video => video.Id!)
            .OrderByDescending(video => IsDue(request.Command, video))
            .Take(Most)
            .Select(video => Result(
                request.Word,
                video.Id!,
                Truncation.End($"{video.Id} {Describe(video, "")}", LongestShown),
                Truncation.End(Describe(video, $"{video.Model}, "), LongestNote)));
    }

    private static IReadOnlyList<string> Ledgers(CompletionRequest request) =>
        request.Line.Text("Ledger") is { } given ? [FilePaths.Resolve(request.State.Path, given)] : ModuleSession.Current.RecentLedgers;

    private static bool IsDue(string command, Video video) => command.ToUpperInvariant() switch
    {
        "WAIT-CHUIZIVIDEO" => video.Status == VideoStatus.Processing,
        "SAVE-CHUIZIVIDEO" => video is { Status: VideoStatus.Succeeded, Path: null },
        "SET-CHUIZIVIDEO" => video is { Status: VideoStatus.Succeeded, Verdict: null },
        _ => false,
    };

    /// <summary>Status, age and prompt, on one line.</summary>
    private static string Describe(Video video, string model)
    {
        string status = video.Path is null ? video.Status : "saved";
        string prompt = video.Prompt ?? "(prompt not loaded)";
        string age = video.Created is null ? "" : $"{DisplayText.Age(video.Created)} ago";
        return DisplayText.Line($"{$"{status} {model}{age}".TrimEnd()}: {prompt}");
    }
}
