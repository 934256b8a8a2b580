using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>
/// Checks the URLs of images and videos in a submission. Images may be data URLs, as older pages suggest (the contract
/// does not mention them). They are checked as bytes: tens of megabytes must not become strings.
/// </summary>
internal static class SubmitUrls
{
    private const int LongestAddress = 8 * 1024;

    public static string? CheckImage(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return $"{name} must be a string.";
        }

        return IsWebAddress(ref reader) || IsDataUrl(ref reader)
            ? null
            : $"{name} must be an http(s) URL or a data:image/...;base64 URL.";
    }

    public static string? CheckVideo(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return $"{name} must be a string.";
        }

        return IsWebAddress(ref reader) ? null : $"{name} must be an http(s) URL.";
    }

    private static bool IsWebAddress(ref Utf8JsonReader reader) =>
        reader.ValueSpan.Length <= LongestAddress
        && Uri.TryCreate(reader.GetString(), UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0;

    private static bool IsDataUrl(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return IsDataUrl(reader.ValueSpan);
        }

        // Some serializers escape "+", which is frequent in base64.
        byte[] unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return IsDataUrl(unescaped.AsSpan(0, reader.CopyString(unescaped)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }

    private static bool IsDataUrl(ReadOnlySpan<byte> address)
    {
        int comma = address.IndexOf((byte)',');
        return comma > 0
            && address.StartsWith("data:image/"u8)
            && address[..comma].EndsWith(";base64"u8)
            && comma > "data:image/;base64"u8.Length
            && Base64.IsValid(address[(comma + 1)..], out int length)
            && length > 0;
    }
}
