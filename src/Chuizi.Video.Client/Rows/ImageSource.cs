using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>An image to send: an address, a data URL, or a local file that is sent as a data URL.</summary>
internal sealed partial class ImageSource
{
    private const int LongestShown = 80;

    private readonly DateTime _written;
    private string? _content;

    private ImageSource(string value, ImageInfo? file, DateTime written = default)
    {
        Value = value;
        File = file;
        _written = written;
    }

    /// <summary>The address, the data URL, or the full path.</summary>
    public string Value { get; }

    /// <summary>What the local file is; null for an address.</summary>
    public ImageInfo? File { get; }

    /// <summary>Whether it is a local file.</summary>
    public bool IsFile => File is not null;

    /// <summary>
    /// Whether it is a local file that cannot be read any more: enough to recognise a row that was sent, not to send one.
    /// </summary>
    public bool IsMissing { get; private init; }

    /// <summary>What a local file holds, by its hash.</summary>
    /// <exception cref="IOException">It cannot be read, or has changed since it was looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public string Content
    {
        get
        {
            if (_content is null)
            {
                using FileStream stream = new(Value, FileMode.Open, FileAccess.Read, FileShare.Read);
                SeeUnchanged(stream);
                _content = $"data:{MediaType};sha256,{Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant()}";
            }

            return _content;
        }
    }

    /// <summary>The media type of the local file, told by its content.</summary>
    public string? MediaType => File?.MediaType;

    /// <summary>An image from what a user gives.</summary>
    /// <param name="name">The parameter, for messages.</param>
    /// <param name="value">Text or a file.</param>
    /// <param name="resolvePath">Makes a path absolute.</param>
    /// <exception cref="FormatException">It is none; the message says what would be right.</exception>
    public static ImageSource Read(string name, object value, Func<string, string> resolvePath)
    {
        string text = ValueReader.Text(name, value)!;
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return ImageDataUrl().IsMatch(text)
                ? new ImageSource(text, null)
                : throw new FormatException(
                    $"{name} {ValueReader.Quote(text)} is no image as a data URL: data:image/png;base64,… is one.");
        }

        if (!HasScheme().IsMatch(text))
        {
            return FromFile(name, text, resolvePath);
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme switch
        {
            "https" or "http" => address.Host.Length > 0,
            _ => false,
        }
            ? new ImageSource(address.AbsoluteUri, null)
            : throw new FormatException($"{name} {ValueReader.Quote(text)} is neither an http(s) address nor a local file.");
    }

    /// <summary>The local file of that name as one that cannot be read; null where the text names no local file.</summary>
    internal static ImageSource? Missing(string text, Func<string, string> resolvePath)
    {
        try
        {
            return text.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || HasScheme().IsMatch(text)
                ? null
                : new ImageSource(resolvePath(text), null) { IsMissing = true };
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Sees that the file is the one that was checked and hashed: another would be paid for under its name.</summary>
    /// <exception cref="IOException">It has changed.</exception>
    internal void SeeUnchanged(FileStream stream)
    {
        if (stream.Length != File!.Length || System.IO.File.GetLastWriteTimeUtc(stream.SafeFileHandle) != _written)
        {
            throw new IOException($"'{Value}' has changed since the list was checked.");
        }
    }

    /// <summary>The address or path; a data URL is cut.</summary>
    public override string ToString() =>
        !IsFile && Value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && Value.Length > LongestShown
            ? Value[..LongestShown] + "…"
            : Value;

    private static ImageSource FromFile(string name, string text, Func<string, string> resolvePath)
    {
        string path;
        try
        {
            path = resolvePath(text);
            if (FileInspector.KindOf(path) == FileKind.EmptyOrSpecial)
            {
                // Opening a pipe would wait for ever.
                throw new FormatException("is empty, or no file but a pipe or a device.");
            }

            // Of the open file, as when it is sent: by its path, a link would give its own time.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            return new ImageSource(path, ImageInfo.OfFile(file), System.IO.File.GetLastWriteTimeUtc(file.SafeFileHandle));
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{name} {ValueReader.Quote(text)} {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException(
                $"{name} {ValueReader.Quote(text)} is no file here; give an http(s) address or the path of an image.",
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

    // Two letters at least: C:\image.png is a path.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]+://", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex HasScheme();

    [GeneratedRegex(
        @"^data:image/[A-Za-z0-9.+-]+;base64,[A-Za-z0-9+/]+={0,2}\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex ImageDataUrl();
}
