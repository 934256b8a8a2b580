using Chuizi.Video.Client.Text;

namespace Chuizi.Video;

/// <summary>Why a video failed, in the API's own words (API contract, layer 1: the poll body of a failed job).</summary>
public sealed class VideoError
{
    /// <summary>The API's message, e.g. <c>Content policy violation</c>.</summary>
    public string? Message { get; set; }

    /// <summary>The API's error type, e.g. <c>invalid_request_error</c>.</summary>
    public string? Type { get; set; }

    /// <summary>The API's error code: a name, or an HTTP status as text.</summary>
    public string? Code { get; set; }

    /// <summary>Converts a failure to the form that the video and the ledger keep.</summary>
    internal static VideoError From(ChuiziException failure) =>
        new() { Message = failure.Message, Type = failure.Type, Code = failure.Code ?? failure.Kind.ToString() };

    /// <summary>The same error, with texts that cannot control the terminal: it may come from the ledger of somebody else.</summary>
    internal VideoError WithoutControls() => new()
    {
        Message = Message is null ? null : TerminalText.WithoutControls(Message),
        Type = Type is null ? null : TerminalText.WithoutControls(Type),
        Code = Code is null ? null : TerminalText.WithoutControls(Code),
    };

    /// <inheritdoc/>
    public override string ToString() => Message ?? Code ?? Type ?? "";
}
