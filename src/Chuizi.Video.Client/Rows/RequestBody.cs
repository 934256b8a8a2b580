using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// The JSON body of a submission. Local images are streamed from disk as base64, so that many parallel submissions do not fill the memory.
/// The files stay open, so that they cannot change after their length was announced.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    // A multiple of three, so that the encoded chunks can be concatenated.
    private const int PieceLength = 48 * 1024;

    private readonly List<(ReadOnlyMemory<byte> Text, FileStream? File)> _pieces = [];

    private RequestBody()
    {
    }

    /// <summary>The length of the body, in bytes.</summary>
    public long Length => _pieces.Sum(piece => piece.Text.Length + (piece.File is { } file ? Base64Length(file.Length) : 0));

    /// <summary>Creates the body of <paramref name="request"/>.</summary>
    /// <exception cref="IOException">A local image cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A local image cannot be opened.</exception>
    public static RequestBody Of(VideoRequest request)
    {
        RequestBody body = new();
        try
        {
            // Unique markers in the text show where to insert the files.
            List<(byte[] Mark, MediaSource Image)> files = [];
            ReadOnlyMemory<byte> text = Write(request, isCanonical: false, image =>
            {
                string mark = Guid.NewGuid().ToString("N");
                files.Add((System.Text.Encoding.ASCII.GetBytes(mark), image));
                return $"data:{image.MediaType};base64,{mark}";
            });
            foreach ((byte[] mark, MediaSource image) in files)
            {
                int at = text.Span.IndexOf(mark);
                FileStream file = new(
                    image.Value,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read,
                    1,
                    FileOptions.Asynchronous | FileOptions.SequentialScan);
                body._pieces.Add((text[..at], file));
                image.EnsureUnchanged(file);
                text = text[(at + mark.Length)..];
            }

            body._pieces.Add((text, null));
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The body in a form that is equal for equal inputs: extra fields are sorted, and local images are replaced by
    /// <paramref name="content"/>.
    /// </summary>
    public static ReadOnlyMemory<byte> Canonical(VideoRequest request, Func<MediaSource, string> content) =>
        Write(request, isCanonical: true, content);

    /// <summary>The body for display: local images are shown by name and size.</summary>
    public string Describe()
    {
        using MemoryStream shown = new();
        foreach ((ReadOnlyMemory<byte> text, FileStream? file) in _pieces)
        {
            shown.Write(text.Span);
            shown.Write(
                file is null
                    ? []
                    : System.Text.Encoding.UTF8.GetBytes(
                        string.Create(CultureInfo.InvariantCulture, $"({file.Length:N0} bytes of {Path.GetFileName(file.Name)})")));
        }

        return TerminalText.OfBody(shown.GetBuffer().AsSpan(0, (int)shown.Length));
    }

    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        foreach ((ReadOnlyMemory<byte> text, FileStream? file) in _pieces)
        {
            await stream.WriteAsync(text, cancellationToken).ConfigureAwait(false);
            if (file is not null)
            {
                await WriteBase64Async(file, stream, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose()
    {
        foreach ((_, FileStream? file) in _pieces)
        {
            file?.Dispose();
        }
    }

    private static ReadOnlyMemory<byte> Write(VideoRequest request, bool isCanonical, Func<MediaSource, string> file)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        using Utf8JsonWriter json = new(
            buffer,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("model", request.Model);
        json.WriteString("prompt", isCanonical ? Unified(request.Prompt) : request.Prompt);
        if (request.Duration is { } seconds)
        {
            json.WriteNumber("duration", seconds);
        }

        if (request.Image is { } image)
        {
            json.WriteString("image", Text(image));
        }

        if (request.ReferenceImages.Count > 0)
        {
            json.WriteStartArray("reference_image_urls");
            foreach (MediaSource reference in request.ReferenceImages)
            {
                json.WriteStringValue(Text(reference));
            }

            json.WriteEndArray();
        }

        WriteText("video_url", request.SourceVideo is { } video ? Text(video) : null);
        WriteText("resolution", request.Resolution);
        WriteText("aspect_ratio", request.AspectRatio);
        if (request.Watermark is { } watermark)
        {
            json.WriteBoolean("watermark", watermark);
        }

        foreach (
            (string name, object? value) in isCanonical
                ? request.Parameters.OrderBy(field => field.Key, StringComparer.Ordinal)
                : request.Parameters.AsEnumerable())
        {
            json.WritePropertyName(name);
            JsonConversion.Write(json, value, isSorted: isCanonical);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;

        string Text(MediaSource source) => source.IsFile || source.IsMissing ? file(source) : Address(source.Value);

        // A new signature does not make another row.
        string Address(string url) => isCanonical ? SignedUrl.WithoutSignature(url) : url;

        void WriteText(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }

    /// <summary>Normalizes differences between editors and systems: line endings and Unicode composition.</summary>
    private static string Unified(string text) =>
        NormalForm.Of(text.ReplaceLineEndings("\n"), NormalizationForm.FormC);

    private static async Task WriteBase64Async(FileStream file, Stream stream, CancellationToken cancellationToken)
    {
        byte[] raw = ArrayPool<byte>.Shared.Rent(PieceLength);
        byte[] encoded = ArrayPool<byte>.Shared.Rent((int)Base64Length(PieceLength));
        try
        {
            int count;
            do
            {
                count = await file.ReadAtLeastAsync(raw.AsMemory(0, PieceLength), PieceLength, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                Base64.EncodeToUtf8(raw.AsSpan(0, count), encoded, out _, out int written);
                await stream.WriteAsync(encoded.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
            }
            while (count == PieceLength);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<byte>.Shared.Return(encoded);
        }
    }

    private static long Base64Length(long count) => (count + 2) / 3 * 4;
}
