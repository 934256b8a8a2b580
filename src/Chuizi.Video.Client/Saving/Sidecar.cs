using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// A JSON file beside a video (<c>name.mp4.json</c>) that says where the video came from. It holds every input under the names of
/// New-ChuiziVideo's columns, so it is also a row from which the request can be submitted again. Times are UTC, money is USD.
/// </summary>
internal sealed partial record Sidecar
{
    /// <summary>The longest that is read, in bytes: an image may be in it as a data URL.</summary>
    private const int LongestFile = 64 * 1024 * 1024;

    /// <summary>The bytes that <see cref="ReadHead"/> reads. All that it looks for is written before the prompt.</summary>
    private const int HeadLength = 4 * 1024;

    private static readonly SidecarJson s_json = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // It is never part of a web page, so prompts stay readable in every script.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The version of this format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The module that wrote it, and its version.</summary>
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

    public string? Model { get; init; }

    public string? Prompt { get; init; }

    public int? Duration { get; init; }

    public string? AspectRatio { get; init; }

    public string? Resolution { get; init; }

    /// <summary>The source image: an address, a data URL, or a full path.</summary>
    public string? Image { get; init; }

    public string[]? ReferenceImage { get; init; }

    public string? SourceVideo { get; init; }

    public JsonElement? Watermark { get; init; }

    public JsonElement? Parameter { get; init; }

    /// <summary>The content of each local image, by its path: media type and SHA-256.</summary>
    public Dictionary<string, string>? ImageContent { get; init; }

    public Uri? Url { get; init; }

    public decimal? Cost { get; init; }

    public TimeSpan? Latency { get; init; }

    public DateTime? Created { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The row that it came from, with every column.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The path of a video's sidecar.</summary>
    public static string PathOf(string video) => video + ".json";

    /// <summary>The sidecar in that file; null where it is not a sidecar or cannot be read.</summary>
    public static Sidecar? Read(string path)
    {
        try
        {
            return IsReadable(path, LongestFile)
                && JsonSerializer.Deserialize(System.IO.File.ReadAllBytes(path), s_json.Sidecar) is { IsValid: true } sidecar
                ? sidecar
                : null;
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The sidecar in that file, of which only <see cref="Id"/>, <see cref="Origin"/>, <see cref="Length"/> and <see cref="Sha256"/> need
    /// be set: they are read from its beginning alone, because a folder may hold thousands of sidecars with images in them. Null where it
    /// is not a sidecar or cannot be read.
    /// </summary>
    public static Sidecar? ReadHead(string path)
    {
        try
        {
            if (!IsReadable(path, long.MaxValue))
            {
                return null;
            }

            Span<byte> head = stackalloc byte[HeadLength];
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            int count = file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false);
            // A short one, and one in another order, is read whole.
            return (count == HeadLength ? ParseHead(head) : null) ?? Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>This sidecar, completed by an earlier one of the same video: little is known of a video that came as a bare id.</summary>
    public Sidecar CompletedBy(Sidecar before) => this with
    {
        Origin = Origin ?? before.Origin,
        Model = Model ?? before.Model,
        Prompt = Prompt ?? before.Prompt,
        Duration = Duration ?? before.Duration,
        AspectRatio = AspectRatio ?? before.AspectRatio,
        Resolution = Resolution ?? before.Resolution,
        Image = Image ?? before.Image,
        ReferenceImage = ReferenceImage ?? before.ReferenceImage,
        SourceVideo = SourceVideo ?? before.SourceVideo,
        Watermark = Watermark ?? before.Watermark,
        Parameter = Parameter ?? before.Parameter,
        ImageContent = ImageContent ?? before.ImageContent,
        Url = Url ?? before.Url,
        Cost = Cost ?? before.Cost,
        Latency = Latency ?? before.Latency,
        Created = Created ?? before.Created,
        RequestId = RequestId ?? before.RequestId,
        Input = Input ?? before.Input,
    };

    /// <summary>The file's content. An API key in a row is masked, because sidecars are passed on with their videos.</summary>
    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(SecretRedactor.Mask(JsonSerializer.Serialize(this, s_json.Sidecar)));

    /// <summary>
    /// Whether it may be opened: it is not a link, which leads out of the folder, nor a pipe, whose length is 0 and whose opening blocks.
    /// </summary>
    private static bool IsReadable(string path, long longest) =>
        new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 } file && file.Length <= longest;

    /// <summary>Null where the beginning does not hold all of it.</summary>
    private static Sidecar? ParseHead(ReadOnlySpan<byte> head)
    {
        Utf8JsonReader reader = new(head, isFinalBlock: false, default);
        Sidecar sidecar = new() { Version = 0 };
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                string? name = reader.GetString();
                if (name == nameof(Saved))
                {
                    // It is written after all the others.
                    return sidecar.IsValid ? sidecar : null;
                }

                if (!reader.Read())
                {
                    return null;
                }

                sidecar = name switch
                {
                    nameof(Version) => sidecar with { Version = reader.GetInt32() },
                    nameof(Id) => sidecar with { Id = reader.GetString() },
                    nameof(Origin) => sidecar with { Origin = reader.GetString() },
                    nameof(Length) => sidecar with { Length = reader.GetInt64() },
                    nameof(Sha256) => sidecar with { Sha256 = reader.GetString() },
                    _ => sidecar,
                };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Reading the whole file decides.
        }

        return null;
    }

    private bool IsValid => this is { Version: 1, Id.Length: > 0, Sha256.Length: > 0 };

    [JsonSerializable(typeof(Sidecar))]
    private sealed partial class SidecarJson : JsonSerializerContext;
}
