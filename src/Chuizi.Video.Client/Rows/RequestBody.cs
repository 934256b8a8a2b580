using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// The JSON of a submission. Local images are streamed from disk as base64, so that many at once do not fill the memory; their
/// files stay open from here on, so that they are sent as they were when the length was stated.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    // A multiple of three, so that base64 of the pieces is the base64 of the whole.
    private const int PieceLength = 48 * 1024;

    private readonly List<(ReadOnlyMemory<byte> Text, FileStream? File)> _pieces = [];

    private RequestBody()
    {
    }

    /// <summary>The length of the body, in bytes.</summary>
    public long Length => _pieces.Sum(piece => piece.Text.Length + (piece.File is { } file ? Base64Length(file.Length) : 0));

    /// <summary>The body of <paramref name="request"/>.</summary>
    /// <exception cref="IOException">A local image cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A local image cannot be opened.</exception>
    public static RequestBody Of(VideoRequest request)
    {
        RequestBody body = new();
        try
        {
            // Where a file's bytes go, the text has a mark that nothing else contains.
            List<(byte[] Mark, ImageSource Image)> files = [];
            ReadOnlyMemory<byte> text = Write(request, isCanonical: false, image =>
            {
                string mark = Guid.NewGuid().ToString("N");
                files.Add((System.Text.Encoding.ASCII.GetBytes(mark), image));
                return $"data:{image.MediaType};base64,{mark}";
            });
            foreach ((byte[] mark, ImageSource image) in files)
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
                image.SeeUnchanged(file);
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
    /// The body in a form that is the same for the same inputs: extra fields sorted, local images as <paramref name="content"/> has them.
    /// </summary>
    public static ReadOnlyMemory<byte> Canonical(VideoRequest request, Func<ImageSource, string> content) =>
        Write(request, isCanonical: true, content);

    /// <summary>The text as it is shown: a local image by its name and length.</summary>
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

    private static ReadOnlyMemory<byte> Write(VideoRequest request, bool isCanonical, Func<ImageSource, string> file)
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
            foreach (ImageSource reference in request.ReferenceImages)
            {
                json.WriteStringValue(Text(reference));
            }

            json.WriteEndArray();
        }

        WriteText("video_url", request.SourceVideo?.AbsoluteUri);
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
            JsonValue.Write(json, value, isSorted: isCanonical);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;

        string Text(ImageSource source) => source.IsFile || source.IsMissing ? file(source) : source.Value;

        void WriteText(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }

    /// <summary>The same text however an editor or a system writes it: line ends, and letters with marks.</summary>
    private static string Unified(string text)
    {
        text = text.ReplaceLineEndings("\n");
        try
        {
            return text.Normalize(System.Text.NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair has no form.
            return text;
        }
    }

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
