using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>A response of Azure Storage, or of the service that gives access to it.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Body">The content.</param>
internal sealed partial record BlobReply(int Status, byte[] Body)
{
    /// <summary>The error, such as <c>BlobNotFound</c>; null without one.</summary>
    public string? Code { get; private init; }

    /// <summary>What went wrong, in the words of the server.</summary>
    public string? Message { get; private init; }

    /// <summary>The length of the blob, in bytes; null if it is not known.</summary>
    public long? Length { get; private init; }

    /// <summary>The number of blocks; null if it is not known.</summary>
    public int? Blocks { get; private init; }

    /// <summary>Where the appended block starts; null without one.</summary>
    public long? Offset { get; private init; }

    /// <summary>The kind of the blob, such as <c>AppendBlob</c>; null if it is not known.</summary>
    public string? Type { get; private init; }

    /// <summary>When the blob was created, as text; null if it is not known. Another time is another blob.</summary>
    public string? Created { get; private init; }

    /// <summary>The delay that the server asks for in seconds; null for none, or for a date.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether Azure Storage has responded, and not a proxy in its place.</summary>
    public bool IsFromStorage { get; private init; }

    /// <summary>Whether the same request may succeed later, and may have had its effect: the outcome is not known.</summary>
    public bool IsTransient => Status is 408 or 429 or >= 500 || !IsFromStorage;

    /// <summary>Reads a response with its content. Blocks the calling thread.</summary>
    /// <exception cref="IOException">It ends early.</exception>
    public static BlobReply Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using MemoryStream content = new();
        using (Stream stream = response.Content.ReadAsStream(cancellationToken))
        {
            // A synchronous copy could not be canceled.
            stream.CopyToAsync(content, cancellationToken).GetAwaiter().GetResult();
        }

        byte[] body = content.ToArray();
        bool isHead = response.RequestMessage?.Method == HttpMethod.Head;
        return new BlobReply((int)response.StatusCode, body)
        {
            Code = response.IsSuccessStatusCode ? null : Header("x-ms-error-code"),
            Message = response.IsSuccessStatusCode ? null : MessageIn(body),
            Length = response.Content.Headers.ContentRange?.Length ?? (isHead ? response.Content.Headers.ContentLength : null),
            Blocks = int.TryParse(
                Header("x-ms-blob-committed-block-count"), NumberStyles.None, CultureInfo.InvariantCulture, out int blocks) ? blocks : null,
            Offset = long.TryParse(
                Header("x-ms-blob-append-offset"), NumberStyles.None, CultureInfo.InvariantCulture, out long offset) ? offset : null,
            Type = Header("x-ms-blob-type"),
            Created = Header("x-ms-creation-time"),
            IsFromStorage = (Header("x-ms-request-id") ?? Header("x-ms-version")) is not null,
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };

        string? Header(string name) =>
            response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;
    }

    /// <summary>The error as text, without secrets.</summary>
    public override string ToString()
    {
        string code = Code is { } name ? $"{Status} {name}" : $"HTTP status {Status}";
        return Message is { } message ? $"{code}: {message}" : $"{code}.";
    }

    private static string? MessageIn(byte[] body)
    {
        Match found = MessageElement().Match(Encoding.UTF8.GetString(body));
        // Storage adds the request's id and time in further lines.
        string text = found.Success ? WebUtility.HtmlDecode(found.Groups["text"].Value.Split('\n')[0].Trim()) : "";
        return text.Length > 0 ? SecretRedactor.Mask(TerminalText.OneLine(text)) : null;
    }

    [GeneratedRegex(
        "<Message>(?<text>[^<]*)</Message>",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MessageElement();
}
