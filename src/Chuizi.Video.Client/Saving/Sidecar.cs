using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// What a file beside a video (<c>name.mp4.json</c>) tells of it: where it comes from, and every input, under the names of
/// New-ChuiziVideo's columns, so that it is a row from which the request can be made anew. Times are UTC, money is USD.
/// </summary>
internal sealed partial record Sidecar
{
    /// <summary>The longest that is read, in bytes: an image may be in it as a data URL.</summary>
    private const int LongestFile = 64 * 1024 * 1024;

    private static readonly SidecarJson s_json = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It is a file of its own and no part of a page: prompts stay readable in every script.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The version of this form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Who wrote it: the module and its version.</summary>
    public string? Generator { get; init; }

    /// <summary>The job's id.</summary>
    public string? Id { get; init; }

    /// <summary>The origin of the API that has the job.</summary>
    public string? Origin { get; init; }

    /// <summary>The video's file name.</summary>
    public string? File { get; init; }

    /// <summary>The video's length, in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>The video's SHA-256, in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the file was complete.</summary>
    public DateTime? Saved { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The prompt.</summary>
    public string? Prompt { get; init; }

    /// <summary>Seconds asked for.</summary>
    public int? Duration { get; init; }

    /// <summary>E.g. <c>16:9</c>.</summary>
    public string? AspectRatio { get; init; }

    /// <summary><c>720P</c> or <c>1080P</c>.</summary>
    public string? Resolution { get; init; }

    /// <summary>The source image: an address, a data URL, or a full path.</summary>
    public string? Image { get; init; }

    /// <summary>The reference images.</summary>
    public string[]? ReferenceImage { get; init; }

    /// <summary>The source video's address.</summary>
    public string? SourceVideo { get; init; }

    /// <summary>Whether the provider's watermark was asked for.</summary>
    public JsonElement? Watermark { get; init; }

    /// <summary>The extra fields of the request's body.</summary>
    public JsonElement? Parameter { get; init; }

    /// <summary>What each local image held, by its path: media type and SHA-256.</summary>
    public Dictionary<string, string>? ImageContent { get; init; }

    /// <summary>Where the video came from.</summary>
    public Uri? Url { get; init; }

    /// <summary>What it cost.</summary>
    public decimal? Cost { get; init; }

    /// <summary>How long the generation took.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTime? Created { get; init; }

    /// <summary>The submission's <c>X-Request-Id</c>.</summary>
    public string? RequestId { get; init; }

    /// <summary>The row that it came from, with every column.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The path of a video's sidecar.</summary>
    public static string PathOf(string video) => video + ".json";

    /// <summary>The sidecar in that file; null where it is none, or cannot be read.</summary>
    public static Sidecar? Read(string path)
    {
        try
        {
            // A link leads out of the folder; a pipe, which is empty, would be waited for.
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= LongestFile }
                && JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(path), s_json.Sidecar) is { Id.Length: > 0, Sha256.Length: > 0, Version: 1 } sidecar
                ? sidecar
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The text of the file. A key of the API that a row carries is masked, since sidecars are passed on with their videos.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(SecretRedactor.Mask(JsonSerializer.Serialize(this, s_json.Sidecar)));

    [JsonSerializable(typeof(Sidecar))]
    private sealed partial class SidecarJson : JsonSerializerContext;
}
