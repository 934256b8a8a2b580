using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Records the outcomes of videos in the ledgers that they came from, which may be blobs. Of a video without a ledger, only the cost is
/// recorded, in the journal.
/// </summary>
internal static class VideoRecorder
{
    /// <summary>The ledger of a video: the one of the run that submitted it, or the file in its Ledger property, if that exists.</summary>
    public static VideoLedger? LedgerOf(Video video) =>
        VideoProvenance.Of(video)?.OpenLedger
        ?? (video.Ledger is { Length: > 0 } path && IsUsable(path) && VideoLedger.At(path) is { Exists: true } ledger ? ledger : null);

    /// <summary>Whether a path can be opened. A blob can only be used with a credential of this process.</summary>
    private static bool IsUsable(string path) => LedgerAddress.Of(path) is { } address
        ? BlobCredential.IsKnown(address)
        : Path.IsPathRooted(path);

    /// <summary>Records the final states of videos.</summary>
    /// <param name="told">Videos with their states. Videos in progress, and states that the video already has, are skipped.</param>
    /// <param name="origin">The origin of the API.</param>
    /// <param name="journal">What this machine spends, if there is a state folder.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: some are not recorded.</exception>
    public static Task SettledAsync(IEnumerable<(Video Video, VideoState State)> told, string origin, SpendingJournal? journal = null)
    {
        (VideoLedger? Ledger, LedgerRecord Record)[] settled =
        [
            .. told.Where(pair => VideoStatus.IsTerminal(pair.State.Status) && !IsRecorded(pair.Video, pair.State))
                .Select(pair => (LedgerOf(pair.Video), Settled(pair.Video, pair.State, origin))),
        ];
        Task amounts = journal?.CorrectAsync([.. settled.Select(one => one.Record)]) ?? Task.CompletedTask;
        return Task.WhenAll(settled
            .Where(one => one.Ledger is not null)
            .GroupBy(one => one.Ledger!)
            .Select(group => group.Key.AppendAsync([.. group.Select(one => one.Record)]))
            .Append(amounts));
    }

    /// <summary>Whether the video already has this state, so that repeated checks of a finished video do not fill the ledger.</summary>
    private static bool IsRecorded(Video video, VideoState state) =>
        video.Status == state.Status
        && (state.Url is null || video.Url == state.Url)
        && (state.Cost is null || video.Cost == state.Cost);

    /// <summary>Records that a video is about to get its final name, so that a file of that name always has its record.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: not recorded.</exception>
    public static Task SavedAsync(
        Video video, string? origin, string path, string sha256, long? size = null) => LedgerOf(video) is { } ledger
        ? ledger.AppendAsync(new LedgerRecord
        {
            Step = LedgerStep.Saved,
            Id = video.Id,
            Origin = origin,
            Model = video.Model,
            Path = path,
            Size = size,
            Sha256 = sha256,
        })
        : Task.CompletedTask;

    private static LedgerRecord Settled(Video video, VideoState state, string origin) => new()
    {
        Step = LedgerStep.Settled,
        Id = state.Id,
        Origin = origin,
        Model = video.Model ?? state.Model,
        Status = state.Status,
        Url = state.Url,
        Cost = state.Cost,
        LatencyMs = state.Latency is { } latency ? (long)latency.TotalMilliseconds : null,
        Error = state.Error,
    };
}
