using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>
/// Why a video failed: in the API's words (API contract, layer 1: the poll body of a failed job), otherwise in the client's.
/// </summary>
public sealed class VideoError
{
    /// <summary>The message, e.g. <c>Content policy violation</c>.</summary>
    public string? Message { get; set; }

    /// <summary>The API's error type, e.g. <c>invalid_request_error</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The API's error code (a name, or an HTTP status as text), otherwise a <see cref="ChuiziErrorKind"/>.</summary>
    public string? Code { get; set; }

    /// <summary>Converts a failure to the form that the video and the ledger keep.</summary>
    internal static VideoError From(ChuiziException failure) =>
        new() { Message = failure.Message, Type = failure.Type, Code = failure.Code ?? failure.Kind.ToString() };

    /// <summary>The same error without control characters. One from a ledger that somebody else wrote may have them.</summary>
    internal VideoError WithoutControls()
    {
        return new() { Message = Plain(Message), Type = Plain(Type), Code = Plain(Code) };

        static string? Plain(string? text) => text is null ? null : TerminalText.WithoutControls(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Message ?? Code ?? Type ?? "";
}
