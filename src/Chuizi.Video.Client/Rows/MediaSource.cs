using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// An image or video to send: a URL, a data URL, or a local file, which is sent as a data URL or published first.
/// </summary>
internal sealed partial class MediaSource
{
    private const int LongestShown = 80;

    private readonly DateTime _written;
    private string? _content;

    private MediaSource(string value, ImageInfo? file, DateTime written = default)
    {
        Value = value;
        File = file;
        _written = written;
    }

    /// <summary>The URL, the data URL, or the full path.</summary>
    public string Value { get; }

    /// <summary>The type and size of the local file; null for a URL and for a missing file.</summary>
    public ImageInfo? File { get; }

    /// <summary>Whether it is a local file that could be read.</summary>
    public bool IsFile => File is not null;

    /// <summary>
    /// Whether it is a local file that can no longer be read. That is enough to identify a row that was sent before, but not to send one.
    /// </summary>
    public bool IsMissing { get; private init; }

    /// <summary>Identifies the content of a local file, by its hash.</summary>
    /// <exception cref="IOException">The file cannot be read, or has changed since it was checked.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public string Content
    {
        get
        {
            if (_content is null)
            {
                using FileStream stream = new(Value, FileMode.Open, FileAccess.Read, FileShare.Read);
                EnsureUnchanged(stream);
                _content = $"data:{MediaType};sha256,{Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant()}";
            }

            return _content;
        }
    }

    /// <summary>The media type of the local file: an image's from its content, a video's always <c>video/mp4</c>.</summary>
    public string? MediaType => File?.MediaType;

    /// <summary>The media at an address.</summary>
    public static MediaSource At(Uri address) => new(address.AbsoluteUri, null);

    /// <summary>Reads a video from user input.</summary>
    /// <param name="name">The name of the parameter, for messages.</param>
    /// <param name="value">A string or a file.</param>
    /// <param name="resolvePath">Makes a path absolute; null if local files are not accepted.</param>
    /// <exception cref="FormatException">It is not a video. The message says what is accepted.</exception>
    public static MediaSource ReadVideo(string name, object value, Func<string, string>? resolvePath)
    {
        string text = ValueReader.Text(name, value)!;
        return HasScheme().IsMatch(text) ? FromUrl(name, text, ".")
            : resolvePath is not null && !text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
                ? FromFile(name, text, resolvePath, file => new ImageInfo("video/mp4", file.Length, null, null))
            : throw new FormatException(
                $"{name} {ValueReader.Quote(text)} is not an http or https URL. The API downloads the video itself. To use a local file, "
                    + "specify -Publish.");
    }

    /// <summary>Reads an image from user input.</summary>
    /// <param name="name">The name of the parameter, for messages.</param>
    /// <param name="value">A string or a file.</param>
    /// <param name="resolvePath">Makes a path absolute.</param>
    /// <exception cref="FormatException">It is not an image. The message says what is accepted.</exception>
    public static MediaSource Read(string name, object value, Func<string, string> resolvePath)
    {
        string text = ValueReader.Text(name, value)!;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return ImageDataUrl().IsMatch(text)
                ? new MediaSource(text, null)
                : throw new FormatException(
                    $"{name} {ValueReader.Quote(text)} is not a valid image data URL. Use the form data:image/png;base64,<data>.");
        }

        return HasScheme().IsMatch(text)
            ? FromUrl(name, text, " or a local file. Use one of these.")
            : FromFile(name, text, resolvePath, ImageInfo.OfFile);
    }

    private static MediaSource FromUrl(string name, string text, string accepted)
    {
        if (SignedUrl.IsMasked(text))
        {
            throw new FormatException($"{name} {ValueReader.Quote(text)} has a masked signature. Specify the complete URL.");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" && address.Host.Length > 0
            ? At(address)
            : throw new FormatException($"{name} {ValueReader.Quote(text)} is not an http or https URL{accepted}");
    }

    /// <summary>The local file with this name, marked as missing; null if the text is not the name of a local file.</summary>
    internal static MediaSource? Missing(string text, Func<string, string> resolvePath)
    {
        try
        {
            return text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || HasScheme().IsMatch(text)
                ? null
                : new MediaSource(resolvePath(text), null) { IsMissing = true };
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Checks that the file is the one that was validated and hashed. Otherwise a different image would be sent and billed.
    /// </summary>
    /// <exception cref="IOException">The file has changed.</exception>
    internal void EnsureUnchanged(FileStream stream)
    {
        if (stream.Length != File!.Length || System.IO.File.GetLastWriteTimeUtc(stream.SafeFileHandle) != _written)
        {
            throw new IOException($"'{Value}' changed after the list was checked.");
        }
    }

    /// <summary>Checks a local file as <see cref="EnsureUnchanged(FileStream)"/> does.</summary>
    /// <exception cref="IOException">The file has changed, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    internal void EnsureUnchanged()
    {
        using FileStream stream = new(Value, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        EnsureUnchanged(stream);
    }

    /// <summary>The URL or path; a data URL is shortened.</summary>
    public override string ToString() =>
        !IsFile && Value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && Value.Length > LongestShown
            ? Value[..LongestShown] + "…"
            : Value;

    private static MediaSource FromFile(
        string name, string text, Func<string, string> resolvePath, Func<FileStream, ImageInfo> inspect)
    {
        string path = text;
        try
        {
            path = resolvePath(text);
            if (PathKinds.Of(path) == PathKind.EmptyOrSpecial)
            {
                // Opening a pipe would block forever.
                throw new FormatException("is empty or not a regular file.");
            }

            // Read the time from the open file, as when it is sent: by path, a link would return its own time.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return new MediaSource(path, inspect(file), System.IO.File.GetLastWriteTimeUtc(file.SafeFileHandle));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{name} {ValueReader.Quote(text)} {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException(
                $"{name} file not found: {ValueReader.Quote(path)}. Relative paths start at the current folder.",
                exception);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new FormatException(
                $"{name} {ValueReader.Quote(text)} cannot be read: {SecretRedactor.Mask(exception.Message)}",
                exception);
        }
    }

    // At least two letters before the colon: C:\image.png is a path.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]+://", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HasScheme();

    [GeneratedRegex(
        @"^data:image/[A-Za-z0-9.+-]+;base64,[A-Za-z0-9+/]+={0,2}\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex ImageDataUrl();
}
