namespace Chuizi.Video.Client.Ledger;

/// <summary>What the user decided about a video. Of several decisions the newest counts; of the same time, the last line.</summary>
internal sealed class LedgerReview
{
    private DateTime _verdictAt;
    private DateTime _ratingAt;
    private DateTime _noteAt;

    /// <summary><c>Kept</c> or <c>Rejected</c>; null if nothing was decided.</summary>
    public string? Verdict { get; private set; }

    /// <summary>1 to 5; null for none.</summary>
    public int? Rating { get; private set; }

    /// <summary>A note; null for none.</summary>
    public string? Note { get; private set; }

    /// <summary>Applies a line.</summary>
    public void Apply(LedgerRecord record)
    {
        DateTime at = record.Decided ?? record.At;
        if (VideoVerdict.Parse(record.Verdict) is { } verdict && at >= _verdictAt)
        {
            (Verdict, _verdictAt) = (verdict == VideoVerdict.None ? null : verdict, at);
        }

        if (record.Rating is >= 0 and <= VideoVerdict.BestRating and { } rating && at >= _ratingAt)
        {
            (Rating, _ratingAt) = (rating == 0 ? null : rating, at);
        }

        if (record.Note is { } note && at >= _noteAt)
        {
            (Note, _noteAt) = (note.Length == 0 ? null : note, at);
        }
    }
}
