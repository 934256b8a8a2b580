using System.Globalization;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Records what the user decided about videos, in the ledger of the videos.</summary>
internal static class ReviewRecorder
{
    /// <summary>Checks that decisions can be recorded, without writing. Returns the number of videos.</summary>
    /// <exception cref="ChuiziException">
    /// VideoNotFound: the ledger does not have a video. LedgerNotFound, LedgerUnavailable or InvalidLedger.
    /// </exception>
    /// <exception cref="FormatException">A decision does not fit its video, or it is not clear which video it is about.</exception>
    public static Task<int> CheckAsync(VideoLedger ledger, IReadOnlyList<LedgerRecord> decisions) => ledger.Exists
        ? ledger.ReadAsync(book => Find(book, ledger, decisions).Distinct().Count())
        : throw new ChuiziException(ChuiziErrorKind.LedgerNotFound, $"Ledger not found: '{ledger.Path}'. Nothing was recorded.");

    /// <summary>
    /// Records decisions with one write: all of them or none. A decision that the ledger already has, or that is older than what it has, is
    /// not written again.
    /// </summary>
    /// <param name="ledger">The ledger, which must exist.</param>
    /// <param name="decisions">The decisions. One without a time, or with a time in the future, is made now.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <returns>The number of lines written, and the video of each decision in its new state.</returns>
    /// <exception cref="ChuiziException">VideoNotFound, LedgerUnavailable or InvalidLedger: nothing was recorded.</exception>
    /// <exception cref="FormatException">As for <see cref="CheckAsync"/>: nothing was recorded.</exception>
    public static Task<(int Recorded, IReadOnlyList<Video> Videos)> RecordAsync(
        VideoLedger ledger,
        IReadOnlyList<LedgerRecord> decisions,
        DateTime now) => ledger.DecideAsync<(int, IReadOnlyList<Video>)>(follow: true, book =>
    {
        LedgerEntry[] entries = Find(book!, ledger, decisions);
        Dictionary<LedgerEntry, LedgerReview> reviews = entries.Distinct()
            .ToDictionary(entry => entry, entry => entry.Review?.Copy() ?? new LedgerReview());
        List<LedgerRecord> lines = [];
        foreach ((LedgerRecord decision, LedgerEntry entry) in decisions.Zip(entries))
        {
            LedgerReview review = reviews[entry];
            bool isDated = decision.Decided <= now;
            LedgerRecord line = new()
            {
                Step = LedgerStep.Reviewed,
                Id = entry.Id,
                Origin = entry.Origin,
                Verdict = decision.Verdict,
                Rating = decision.Rating,
                Note = decision.Note,
                // The clock of another machine may be ahead. A decision that is made now still comes after those of the ledger.
                Decided = isDated ? decision.Decided : review.Latest > now ? review.Latest : now,
            };
            LedgerReview after = review.Copy();
            after.Apply(line);
            if (isDated ? review.IsNews(line) : after.Differs(review))
            {
                reviews[entry] = after;
                lines.Add(line);
            }
        }

        return (lines, (lines.Count, entries.Select(Show).ToArray()));

        Video Show(LedgerEntry entry)
        {
            Video video = entry.ToVideo();
            video.Ledger = ledger.Path;
            reviews[entry].ApplyTo(video);
            return video;
        }
    });

    /// <summary>The submission that each decision is about.</summary>
    private static LedgerEntry[] Find(LedgerBook book, VideoLedger ledger, IReadOnlyList<LedgerRecord> decisions)
    {
        (LedgerRecord Decision, LedgerEntry[] Entries)[] found =
        [
            .. decisions.Select(decision => (decision, book.OfId(decision.Id!)
                .Where(entry => decision.Origin is null || entry.Origin is null || entry.Origin == decision.Origin).ToArray())),
        ];
        LedgerRecord[] missing = [.. found.Where(one => one.Entries.Length == 0).Select(one => one.Decision).DistinctBy(one => one.Id)];
        if (missing is [{ } first, ..])
        {
            string where = book.OfId(first.Id!).Any() ? $" at {first.Origin}" : "";
            throw new ChuiziException(
                ChuiziErrorKind.VideoNotFound,
                $"The ledger '{ledger.Path}' does not have the video {first.Id}{where}{Others(missing)}. Nothing was recorded.")
            {
                VideoId = first.Id,
            };
        }

        if (Array.Find(found, one => one.Entries.Length > 1) is { Entries: { } several } ambiguous)
        {
            string origins = string.Join(" and ", several.Select(entry => entry.Origin));
            throw new FormatException(
                $"The ledger '{ledger.Path}' has the video {ambiguous.Decision.Id} more than once: at {origins}. Add the property Origin "
                    + "with one of these addresses.");
        }

        LedgerRecord[] failed =
        [
            .. found.Where(one => one.Decision.Verdict == VideoVerdict.Kept && one.Entries[0].Status == VideoStatus.Failed)
                .Select(one => one.Decision).DistinctBy(one => one.Id),
        ];
        return failed is [{ } one, ..]
            ? throw new FormatException(
                $"The video {one.Id}{Others(failed)} failed, so there is nothing to keep. Use the verdict Rejected or None.")
            : [.. found.Select(one => one.Entries[0])];
    }

    private static string Others(LedgerRecord[] all) => all.Length switch
    {
        1 => "",
        2 => " and 1 other",
        _ => string.Create(CultureInfo.InvariantCulture, $" and {all.Length - 1:N0} others"),
    };
}
