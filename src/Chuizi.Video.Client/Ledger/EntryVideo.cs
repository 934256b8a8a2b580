using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Shows a submission of a ledger as a video.</summary>
internal static class EntryVideo
{
    /// <summary>Updates <paramref name="video"/>, created from the same row, to the state in the ledger.</summary>
    public static void ApplyTo(this LedgerEntry entry, Video video)
    {
        video.Id = entry.Id;
        video.Status = entry.Status;
        video.Url = entry.Url;
        video.Cost = entry.Cost;
        video.Latency = entry.Latency?.TotalSeconds;
        video.Created = entry.Created ?? (entry.Id is null ? null : WrittenAt(entry));
        video.Error = entry.Error;
        video.RequestId = entry.RequestId;
        video.Finished = VideoStatus.IsTerminal(entry.Status) ? VideoFigures.EndOf(video.Created, video.Latency) : null;
        video.EstimatedCost = entry.Estimate ?? video.EstimatedCost;
        video.Path = entry.Path;
        video.Size = entry.Size;
        video.Sha256 = entry.Sha256;
        video.Take = entry.Take ?? video.Take;
        // The files of takes are numbered, so a take keeps its name whatever its row says today.
        video.FileName = entry.Take is null ? video.FileName : entry.FileName ?? video.FileName;
        video.Verdict = entry.Review?.Verdict;
        video.Rating = entry.Review?.Rating;
        video.Note = entry.Review?.Note;
        VideoIdSource.AttachTo(video, entry.IdSource);
    }

    /// <summary>Creates the video in the state that the ledger records, with inputs from <see cref="LedgerEntry.Intent"/>.</summary>
    public static Video ToVideo(this LedgerEntry entry)
    {
        Video video = new()
        {
            Origin = entry.Origin,
            Model = entry.Model,
            Prompt = entry.Intent?.Prompt,
            Duration = entry.Duration,
            AspectRatio = entry.Intent?.AspectRatio,
            Resolution = entry.Resolution,
            Image = entry.Intent?.Image,
            ReferenceImage = entry.Intent?.ReferenceImage,
            SourceVideo = entry.Intent?.SourceVideo,
            Watermark = entry.Intent?.Watermark,
            FileName = entry.Intent?.FileName,
            Row = entry.Row,
            Input = InputOf(entry.Intent),
        };
        entry.ApplyTo(video);
        video.Created ??= WrittenAt(entry);
        return video;
    }

    /// <summary>The failure for a submission whose outcome is unknown.</summary>
    public static ChuiziException ToUnknown(this LedgerEntry entry)
    {
        string when = WrittenAt(entry) is { } at
            ? string.Create(CultureInfo.InvariantCulture, $" at {at:yyyy-MM-dd HH:mm:ss} UTC")
            : "";
        string message = entry.IsAnswered
            ? $"Submitted{when}, but the outcome is unknown: {entry.Error?.Message ?? "the ledger line with the response is damaged."}"
            : $"Submitted{when}, but the process ended before a response was recorded.";
        return new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, message) { RequestId = entry.RequestId };
    }

    /// <summary>When the intent was written, UTC; null if its line is damaged, or before the part that was read.</summary>
    private static DateTime? WrittenAt(LedgerEntry entry) => entry.At == default ? null : entry.At;

    /// <summary>The columns of the row, and its inputs FileName, Watermark and Parameter; null if there are none.</summary>
    private static Dictionary<string, object?>? InputOf(LedgerRecord? intent)
    {
        if (intent is null or { Columns: null, FileName: null, Watermark: null, Parameter: null })
        {
            return null;
        }

        Dictionary<string, object?> input = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? text) in intent.Columns ?? [])
        {
            input[name] = text ?? intent.Prompt;
        }

        input.TryAdd(nameof(LedgerRecord.FileName), intent.FileName);
        input.TryAdd(nameof(LedgerRecord.Watermark), intent.Watermark);
        input.TryAdd(nameof(LedgerRecord.Parameter), intent.Parameter is { } fields ? JsonConversion.FromElement(fields) : null);
        return input;
    }
}
