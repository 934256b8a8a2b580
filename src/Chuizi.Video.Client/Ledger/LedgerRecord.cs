using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// One line of a ledger. The fields that identify a submission come first, so that they can be read even if the rest of the line is
/// damaged. Times are UTC, money is USD.
/// </summary>
internal sealed class LedgerRecord
{
    private const int LongestText = 64 * 1024;

    /// <summary>For fields that are normally short. Fields that identify a submission are never truncated.</summary>
    private const int LongestName = 4 * 1024;

    private const int MostImages = 32;
    private const int Version = 1;
    private const long LongestLatency = 1_000_000_000_000;

    /// <summary>One of the constants of <see cref="LedgerStep"/>.</summary>
    public string Step { get; set; } = "";

    /// <summary>The unique name of the submission, created by the writer of the intent.</summary>
    public string? Entry { get; set; }

    /// <summary>The key of the row; see <see cref="RowKey"/>.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// The submission of the same row that this one repeats; null for the first of a row. It precedes the origin, without which a damaged
    /// line is not used, so that a usable line always includes it.
    /// </summary>
    public string? Again { get; set; }

    /// <summary>The API's id of the job.</summary>
    public string? Id { get; set; }

    /// <summary>The origin of the API. Keys, ids, prices and costs are valid only there.</summary>
    public string? Origin { get; set; }

    /// <summary>Intent: the run that submits the row. Taken: the run that continues with it. Alive, ended: the run itself.</summary>
    public string? Run { get; set; }

    /// <summary>When the line was written.</summary>
    public DateTime At { get; set; }

    /// <summary>The version of this format.</summary>
    public int V { get; set; } = Version;

    /// <summary>Intent: the row's number in its list.</summary>
    public int? Row { get; set; }

    /// <summary>Intent: the model.</summary>
    public string? Model { get; set; }

    /// <summary>Intent: the prompt.</summary>
    public string? Prompt { get; set; }

    /// <summary>Intent: the length in seconds.</summary>
    public int? Duration { get; set; }

    /// <summary>Intent: the aspect ratio, e.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; set; }

    /// <summary>Intent: the resolution, <c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; set; }

    /// <summary>Intent: the URL or path of the source image.</summary>
    public string? Image { get; set; }

    /// <summary>Intent: the URLs or paths of the reference images.</summary>
    public string[]? ReferenceImage { get; set; }

    /// <summary>Intent: the URL of the source video.</summary>
    public string? SourceVideo { get; set; }

    /// <summary>Intent: whether the provider adds its watermark.</summary>
    public bool? Watermark { get; set; }

    /// <summary>Intent: the extra fields of the body; omitted if very long.</summary>
    public JsonElement? Parameter { get; set; }

    /// <summary>Intent: the content hash of each local image, by path.</summary>
    public Dictionary<string, string>? Files { get; set; }

    /// <summary>Intent: the column FileName of the row; not sent.</summary>
    public string? FileName { get; set; }

    /// <summary>Intent: the estimated cost.</summary>
    public decimal? Estimate { get; set; }

    /// <summary>Intent: the number of the video among those of its row, from 1; null if the row is submitted once.</summary>
    public int? Take { get; set; }

    /// <summary>
    /// Intent: every column of the row and every tag, as text, in the order of the list. A null is the same text as
    /// <see cref="Prompt"/>, which is not written twice.
    /// </summary>
    public Dictionary<string, string?>? Columns { get; set; }

    /// <summary>Submitted, settled: the <c>X-Request-Id</c>.</summary>
    public string? RequestId { get; set; }

    /// <summary>Submitted: the place of the id in the response, if it is not the usual one; see <see cref="VideoIdSource"/>.</summary>
    public string? IdSource { get; set; }

    /// <summary>Submitted: when, according to the API's clock.</summary>
    public DateTime? Created { get; set; }

    /// <summary>Settled: one of the constants of <see cref="VideoStatus"/>.</summary>
    public string? Status { get; set; }

    /// <summary>Settled: the address of the video.</summary>
    public Uri? Url { get; set; }

    /// <summary>Settled: the actual cost.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Settled: how long the generation took, in milliseconds.</summary>
    public long? LatencyMs { get; set; }

    /// <summary>Settled: why it failed, or why the outcome is unknown.</summary>
    public VideoError? Error { get; set; }

    /// <summary>Saved: the file's full path.</summary>
    public string? Path { get; set; }

    /// <summary>Saved: the file's size, in bytes.</summary>
    public long? Size { get; set; }

    /// <summary>Saved: the file's SHA-256, in lowercase hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Reviewed: one of the constants of <see cref="VideoVerdict"/>; null to leave it as it is.</summary>
    public string? Verdict { get; set; }

    /// <summary>Reviewed: 1 to 5; 0 for none; null to leave it as it is.</summary>
    public int? Rating { get; set; }

    /// <summary>Reviewed: a note; empty for none; null to leave it as it is.</summary>
    public string? Note { get; set; }

    /// <summary>Reviewed: when the user decided, UTC. The newest decision counts.</summary>
    public DateTime? Decided { get; set; }

    /// <summary>Repaired: the truncated text.</summary>
    public string? Text { get; set; }

    /// <summary>
    /// Whether the format is known, the amounts and the latency are plausible, and the URL is absolute. Other amounts could overflow sums,
    /// or make the spending limit unreachable.
    /// </summary>
    internal bool IsPossible =>
        V <= Version
        && IsAmount(Cost)
        && IsAmount(Estimate)
        && LatencyMs is null or (>= 0 and < LongestLatency)
        && Url is null or { IsAbsoluteUri: true };

    /// <summary>
    /// A copy with texts short enough for a line: a prompt may be a whole file by mistake, and a response may be very long.
    /// </summary>
    internal LedgerRecord Shortened()
    {
        LedgerRecord record = (LedgerRecord)MemberwiseClone();
        record.Prompt = Cut(Prompt);
        record.Text = Cut(Text);
        record.Model = Cut(Model, LongestName);
        record.AspectRatio = Cut(AspectRatio, LongestName);
        record.Resolution = Cut(Resolution, LongestName);
        record.Image = Cut(Image, LongestName);
        record.ReferenceImage = ReferenceImage?.Take(MostImages).Select(image => Cut(image, LongestName)!).ToArray();
        record.SourceVideo = Cut(SourceVideo, LongestName);
        record.IdSource = Cut(IdSource, LongestName);
        record.FileName = FileName?.Length > LongestName ? null : FileName;
        record.Url = Url?.OriginalString.Length > LongestText ? null : Url;
        record.Files = Files?.Sum(file => file.Key.Length + file.Value.Length) > LongestText ? null : Files;
        record.Parameter = Parameter?.GetRawText().Length > LongestText ? null : Parameter;
        record.Columns = Shorten(Columns);
        record.Note = Cut(Note, LongestName);
        record.Error = Error is null
            ? null
            : new VideoError
            {
                Message = Cut(Error.Message),
                Type = Cut(Error.Type),
                Code = Cut(Error.Code),
            };
        return record;
    }

    /// <summary>The columns that fit in a line together. One that does not fit is left out, not truncated.</summary>
    private static Dictionary<string, string?>? Shorten(Dictionary<string, string?>? columns)
    {
        int length = 0;
        return columns?.Sum(column => column.Key.Length + (column.Value?.Length ?? 0)) <= LongestText
            ? columns
            : columns?.Where(Fits).ToDictionary(column => column.Key, column => column.Value, columns.Comparer);

        bool Fits(KeyValuePair<string, string?> column)
        {
            int longer = length + column.Key.Length + (column.Value?.Length ?? 0);
            length = longer <= LongestText ? longer : length;
            return length == longer;
        }
    }

    private static bool IsAmount(decimal? amount) => amount is null or (>= 0 and <= Json.HighestAmount);

    private static string? Cut(string? text, int longest = LongestText) => text?.Length > longest ? Truncation.Start(text, longest) : text;
}
