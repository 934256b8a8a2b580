using System.Text.Json;
using System.Text.Json.Serialization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// The JSON file next to a video (<c>name.mp4.json</c>) that records where the video came from. It has every input under the column names
/// of New-ChuiziVideo, so it can also be used as a row to submit the request again. Times are UTC, money is USD.
/// </summary>
internal sealed partial record Sidecar
{
    /// <summary>The largest file that is read, in bytes: it may contain an image as a data URL.</summary>
    private const int LongestFile = 64 * 1024 * 1024;

    /// <summary>The bytes that <see cref="ReadHead"/> reads. All fields that it needs are written before the prompt.</summary>
    private const int HeadLength = 4 * 1024;

    private static readonly SidecarJson s_json = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });

    /// <summary>The version of this format.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The module that wrote the file, with its version.</summary>
    public string? Generator { get; init; }

    /// <summary>The job's id.</summary>
    public string? Id { get; init; }

    /// <summary>The origin of the API that has the job.</summary>
    public string? Origin { get; init; }

    /// <summary>The video's file name.</summary>
    public string? File { get; init; }

    /// <summary>The video's size, in bytes.</summary>
    public long? Length { get; init; }

    /// <summary>The video's SHA-256, in lowercase hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the file was completed.</summary>
    public DateTime? Saved { get; init; }

    public string? Model { get; init; }

    public string? Prompt { get; init; }

    public int? Duration { get; init; }

    public string? AspectRatio { get; init; }

    public string? Resolution { get; init; }

    /// <summary>The source image: a URL, a data URL, or a full path.</summary>
    public string? Image { get; init; }

    public string[]? ReferenceImage { get; init; }

    public string? SourceVideo { get; init; }

    public JsonElement? Watermark { get; init; }

    public JsonElement? Parameter { get; init; }

    /// <summary>The content of each local image, by path: media type and SHA-256.</summary>
    public Dictionary<string, string>? ImageContent { get; init; }

    public Uri? Url { get; init; }

    public decimal? Cost { get; init; }

    public TimeSpan? Latency { get; init; }

    public DateTime? Created { get; init; }

    public string? RequestId { get; init; }

    /// <summary>The row that the video came from, with every column.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The path of a video's sidecar.</summary>
    public static string PathOf(string video) => video + ".json";

    /// <summary>Reads a sidecar; null if the file is not a sidecar or cannot be read.</summary>
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
    /// Reads <see cref="Id"/>, <see cref="Origin"/>, <see cref="Length"/> and <see cref="Sha256"/> of a sidecar; other values may be
    /// missing. Usually reads only the start of the file, because a folder may have thousands of sidecars with embedded images. Null if the
    /// file is not a sidecar or cannot be read.
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
            // A short file, or one with another field order, is read completely.
            return (count == HeadLength ? ParseHead(head) : null) ?? Read(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>This sidecar, with missing values from an earlier one of the same video: a bare id comes with little data.</summary>
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

    /// <summary>The content of the file. Secrets in a row are masked, because sidecars are shared together with their videos.</summary>
    public byte[] ToUtf8() => JsonConversion.ToMaskedUtf8(JsonSerializer.SerializeToElement(this, s_json.Sidecar), isIndented: true);

    /// <summary>
    /// Whether it can be written again: an unpaired surrogate in a field that may be any JSON can be read, but not written.
    /// </summary>
    public bool CanBeWritten()
    {
        try
        {
            ToUtf8();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the file may be opened: it is not a link, which leads out of the folder, nor a pipe, which has length 0 and blocks when
    /// opened.
    /// </summary>
    private static bool IsReadable(string path, long longest) =>
        new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 } file && file.Length <= longest;

    /// <summary>Reads the fields that identify the video; null if the start of the file does not contain them all.</summary>
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
                    // The fields that are read here are written before this one.
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
            // Read the whole file to decide.
        }

        return null;
    }

    private bool IsValid => this is { Version: 1, Id.Length: > 0, Sha256.Length: > 0 };

    [JsonSerializable(typeof(Sidecar))]
    private sealed partial class SidecarJson : JsonSerializerContext;
}
