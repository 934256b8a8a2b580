namespace Chuizi.Video.Client.Ledger;

/// <summary>What the user decided about a video. Of several decisions the newest counts; of the same time, the last line.</summary>
internal sealed class LedgerReview
{
    /// <summary>The most characters of a note.</summary>
    public const int LongestNote = 4096;

    private DateTime _verdictAt;
    private DateTime _ratingAt;
    private DateTime _noteAt;

    /// <summary><c>Kept</c> or <c>Rejected</c>; null if nothing was decided.</summary>
    public string? Verdict { get; private set; }

    /// <summary>1 to 5; null for none.</summary>
    public int? Rating { get; private set; }

    /// <summary>A note; null for none.</summary>
    public string? Note { get; private set; }

    /// <summary>When the newest of the decisions was made, UTC.</summary>
    public DateTime Latest => new[] { _verdictAt, _ratingAt, _noteAt }.Max();

    /// <summary>A copy that can be changed.</summary>
    public LedgerReview Copy() => (LedgerReview)MemberwiseClone();

    /// <summary>Whether a line has a decision that the lines so far do not have: a newer one, or another one of the same time.</summary>
    public bool IsNews(LedgerRecord record)
    {
        LedgerReview after = Copy();
        after.Apply(record);
        return (after._verdictAt, after._ratingAt, after._noteAt) != (_verdictAt, _ratingAt, _noteAt) || after.Differs(this);
    }

    /// <summary>Whether a decision is different, whenever it was made.</summary>
    public bool Differs(LedgerReview other) => (Verdict, Rating, Note) != (other.Verdict, other.Rating, other.Note);

    /// <summary>Sets the decisions of a video.</summary>
    public void ApplyTo(Video video) => (video.Verdict, video.Rating, video.Note) = (Verdict, Rating, Note);

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
