using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// One submission, assembled from its lines. A ledger may have hundreds of thousands, so texts that few other submissions have are
/// packed, and a number that is not known is stored as a value that is not possible.
/// </summary>
internal sealed class LedgerEntry
{
    private const int NoNumber = int.MinValue;
    private const long NoSize = long.MinValue;
    private const decimal NoAmount = decimal.MinValue;

    private PackedTexts _texts;
    private int _row = NoNumber;
    private int _take = NoNumber;
    private int _duration = NoNumber;
    private decimal _estimate = NoAmount;
    private decimal _cost = NoAmount;
    private TimeSpan _latency = TimeSpan.MinValue;
    private long _size = NoSize;

    /// <summary>Its unique name in the ledger.</summary>
    public required string Entry
    {
        get => _texts[(int)LedgerTextField.Entry]!;
        init => _texts.Set((int)LedgerTextField.Entry, value);
    }

    /// <summary>The key of its row; null if the ledger does not identify rows.</summary>
    public string? Key
    {
        get => _texts[(int)LedgerTextField.Key];
        internal set => _texts.Set((int)LedgerTextField.Key, value);
    }

    /// <summary>The origin of the API that it was sent to.</summary>
    public string? Origin { get; internal set; }

    /// <summary>The run that sent it, or that continues with it after that run has ended.</summary>
    public string? Run { get; internal set; }

    /// <summary>The run before <see cref="Run"/>; null if there was only one.</summary>
    internal string? TakenFrom { get; set; }

    /// <summary>The job's id; null if it is not known.</summary>
    public string? Id
    {
        get => _texts[(int)LedgerTextField.Id];
        internal set => _texts.Set((int)LedgerTextField.Id, value);
    }

    /// <summary>
    /// <c>processing</c>, <c>succeeded</c> or <c>failed</c>; <c>skipped</c> if it was provably not accepted; <c>unknown</c> if only the
    /// intent is recorded, or the response was lost.
    /// </summary>
    public string Status { get; internal set; } = VideoStatus.Unknown;

    /// <summary>Whether the end of the request is recorded. If not, the request is in progress, or its run was killed.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>The row's number in its list.</summary>
    public int? Row
    {
        get => _row == NoNumber ? null : _row;
        internal set => _row = value ?? NoNumber;
    }

    /// <summary>Its number among the takes of its row, from 1; null if the row had only one take then.</summary>
    public int? Take
    {
        get => _take == NoNumber ? null : _take;
        internal set => _take = value ?? NoNumber;
    }

    /// <summary>The name for its file, which was fixed before it was submitted.</summary>
    public string? FileName
    {
        get => _texts[(int)LedgerTextField.FileName];
        internal set => _texts.Set((int)LedgerTextField.FileName, value);
    }

    /// <summary>What the user decided about it; null if nothing, or its id is not known.</summary>
    public LedgerReview? Review { get; internal set; }

    /// <summary>The model.</summary>
    public string? Model { get; internal set; }

    /// <summary>The length in seconds.</summary>
    public int? Duration
    {
        get => _duration == NoNumber ? null : _duration;
        internal set => _duration = value ?? NoNumber;
    }

    /// <summary>The requested resolution.</summary>
    public string? Resolution { get; internal set; }

    /// <summary>The estimated cost, in USD.</summary>
    public decimal? Estimate
    {
        get => _estimate == NoAmount ? null : _estimate;
        internal set => _estimate = value ?? NoAmount;
    }

    /// <summary>The actual cost, in USD.</summary>
    public decimal? Cost
    {
        get => _cost == NoAmount ? null : _cost;
        internal set => _cost = value ?? NoAmount;
    }

    /// <summary>When the intent was written, UTC.</summary>
    public DateTime At { get; internal set; }

    /// <summary>When it was submitted, UTC: by the API's clock, or by this machine's if the API did not say.</summary>
    public DateTime? Created { get; internal set; }

    /// <summary>The address of the video.</summary>
    public Uri? Url
    {
        get => _texts[(int)LedgerTextField.Url] is { } url ? new Uri(url) : null;
        internal set => _texts.Set((int)LedgerTextField.Url, value?.OriginalString);
    }

    /// <summary>How long the generation took.</summary>
    public TimeSpan? Latency
    {
        get => _latency == TimeSpan.MinValue ? null : _latency;
        internal set => _latency = value ?? TimeSpan.MinValue;
    }

    /// <summary>Why it failed.</summary>
    public VideoError? Error { get; internal set; }

    /// <summary>The submission's <c>X-Request-Id</c>.</summary>
    public string? RequestId
    {
        get => _texts[(int)LedgerTextField.RequestId];
        internal set => _texts.Set((int)LedgerTextField.RequestId, value);
    }

    /// <summary>The place of the id in the response, if it is not the usual one; see <see cref="VideoIdSource"/>.</summary>
    public string? IdSource
    {
        get => _texts[(int)LedgerTextField.IdSource];
        internal set => _texts.Set((int)LedgerTextField.IdSource, value);
    }

    /// <summary>The file it was saved to.</summary>
    public string? Path
    {
        get => _texts[(int)LedgerTextField.Path];
        internal set => _texts.Set((int)LedgerTextField.Path, value);
    }

    /// <summary>The size of the file, in bytes.</summary>
    public long? Size
    {
        get => _size == NoSize ? null : _size;
        internal set => _size = value ?? NoSize;
    }

    /// <summary>The SHA-256 of the file.</summary>
    public string? Sha256
    {
        get => _texts[(int)LedgerTextField.Sha256];
        internal set => _texts.Set((int)LedgerTextField.Sha256, value);
    }

    /// <summary>The intent with all inputs, if the reader keeps it.</summary>
    public LedgerRecord? Intent { get; internal set; }

    /// <summary>The previous submission of the same row.</summary>
    internal LedgerEntry? Before { get; set; }

    /// <summary>The amount that this entry contributes to <see cref="SpentMoney"/>, in USD.</summary>
    internal decimal Counted { get; set; }

    /// <summary>What counts as spent, in USD: 0 if it was not accepted or failed without a cost; null if unknown.</summary>
    public decimal? Spent => Status switch
    {
        VideoStatus.Skipped => 0,
        VideoStatus.Failed => Cost ?? 0,
        _ => Cost ?? Estimate,
    };

    /// <summary>Whether a text is known.</summary>
    internal bool Has(LedgerTextField field) => _texts.Has((int)field);

    /// <summary>Whether a text is known and equal to another.</summary>
    internal bool Has(LedgerTextField field, string value, StringComparison comparison = StringComparison.Ordinal) =>
        _texts.Equals((int)field, value, comparison);

    /// <summary>A copy, which does not change with the book.</summary>
    public LedgerEntry Copy() => (LedgerEntry)MemberwiseClone();
}
