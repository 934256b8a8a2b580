using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// One line of a ledger. What tells submissions apart comes first, so that it can be read even from a line that is damaged further on.
/// Times are UTC, money is USD.
/// </summary>
internal sealed class LedgerRecord
{
    private const int LongestText = 64 * 1024;

    /// <summary>Of what is short by nature; what identifies a submission is never cut.</summary>
    private const int LongestName = 4 * 1024;

    private const int MostImages = 32;
    private const int Version = 1;
    private const long LongestLatency = 1_000_000_000_000;

    /// <summary>One of <see cref="LedgerStep"/>'s words.</summary>
    public string Step { get; set; } = "";

    /// <summary>The submission: unique, made by whoever wrote the intent.</summary>
    public string? Entry { get; set; }

    /// <summary>The row: see <see cref="RowKey"/>.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// The submission of the same row that this one repeats; null for the first of a row. Before the origin, without which a line is not
    /// read: a damaged one tells this too.
    /// </summary>
    public string? Again { get; set; }

    /// <summary>The job's id at the API.</summary>
    public string? Id { get; set; }

    /// <summary>The origin of the API: keys, ids, prices and costs mean nothing at another.</summary>
    public string? Origin { get; set; }

    /// <summary>The run that wrote the intent.</summary>
    public string? Run { get; set; }

    /// <summary>When it was written.</summary>
    public DateTime At { get; set; }

    /// <summary>The version of this form.</summary>
    public int V { get; set; } = Version;

    /// <summary>Intent: the row's number in its list.</summary>
    public int? Row { get; set; }

    /// <summary>Intent: the model.</summary>
    public string? Model { get; set; }

    /// <summary>Intent: the prompt.</summary>
    public string? Prompt { get; set; }

    /// <summary>Intent: seconds.</summary>
    public int? Duration { get; set; }

    /// <summary>Intent: e.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; set; }

    /// <summary>Intent: <c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; set; }

    /// <summary>Intent: the source image's address or path.</summary>
    public string? Image { get; set; }

    /// <summary>Intent: the reference images' addresses or paths.</summary>
    public string[]? ReferenceImage { get; set; }

    /// <summary>Intent: the source video's address.</summary>
    public string? SourceVideo { get; set; }

    /// <summary>Intent: whether the provider's watermark was asked for.</summary>
    public bool? Watermark { get; set; }

    /// <summary>Intent: the extra fields of the body; left out where they are very long.</summary>
    public JsonElement? Parameter { get; set; }

    /// <summary>Intent: what the content of each local image hashes to, by path.</summary>
    public Dictionary<string, string>? Files { get; set; }

    /// <summary>Intent: what the row's column FileName says; not sent.</summary>
    public string? FileName { get; set; }

    /// <summary>Intent: what it was expected to cost.</summary>
    public decimal? Estimate { get; set; }

    /// <summary>Submitted, settled: the <c>X-Request-Id</c>.</summary>
    public string? RequestId { get; set; }

    /// <summary>Submitted: when, by the API's clock.</summary>
    public DateTime? Created { get; set; }

    /// <summary>Settled: one of <see cref="VideoStatus"/>'s words.</summary>
    public string? Status { get; set; }

    /// <summary>Settled: the video's address.</summary>
    public Uri? Url { get; set; }

    /// <summary>Settled: what it cost.</summary>
    public decimal? Cost { get; set; }

    /// <summary>Settled: how long the generation took, in milliseconds.</summary>
    public long? LatencyMs { get; set; }

    /// <summary>Settled: why it failed, or why nobody knows.</summary>
    public VideoError? Error { get; set; }

    /// <summary>Saved: the file's full path.</summary>
    public string? Path { get; set; }

    /// <summary>Saved: the file's SHA-256, in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Repaired: the text that broke off.</summary>
    public string? Text { get; set; }

    /// <summary>
    /// Whether it is of a form that is known, and its amounts and times can be: others would make sums that overflow, or that a ceiling is
    /// never reached with.
    /// </summary>
    internal bool IsPossible =>
        V <= Version
        && IsAmount(Cost)
        && IsAmount(Estimate)
        && LatencyMs is null or (>= 0 and < LongestLatency)
        && Url is null or { IsAbsoluteUri: true };

    /// <summary>
    /// The same with texts of a length that a line can hold: a prompt may be a whole file by mistake, an answer be endless.
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
        record.FileName = FileName?.Length > LongestName ? null : FileName;
        record.Url = Url?.OriginalString.Length > LongestText ? null : Url;
        record.Files = Files?.Sum(file => file.Key.Length + file.Value.Length) > LongestText ? null : Files;
        record.Parameter = Parameter?.GetRawText().Length > LongestText ? null : Parameter;
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

    private static bool IsAmount(decimal? amount) => amount is null or (>= 0 and <= Json.HighestAmount);

    private static string? Cut(string? text, int longest = LongestText) => text?.Length > longest ? text[..longest] : text;
}
