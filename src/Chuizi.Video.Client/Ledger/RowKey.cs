using System.Security.Cryptography;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Recognises a row again: a hash of all that is sent (local files by their content) and, since a list may have a row twice, which of
/// its identical rows it is. Columns that are not sent are not in it, and neither is how a system writes line ends and accents.
/// </summary>
internal static class RowKey
{
    // The version of what is hashed; another version makes other keys.
    private const string Version = "1";
    private const int Digits = 32;

    /// <summary>The hash of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="contentOf">What a local image that cannot be read any more was when it was sent; null where nobody knows.</param>
    /// <returns>Null where an image cannot be read and nobody knows what it was.</returns>
    /// <exception cref="IOException">A local image cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A local image cannot be read.</exception>
    public static string? HashOf(VideoRequest request, Func<string, string?>? contentOf = null)
    {
        bool isKnown = true;
        ReadOnlyMemory<byte> body = RequestBody.Canonical(request, image =>
        {
            string? content = image.IsMissing ? contentOf?.Invoke(image.Value) : image.Content;
            isKnown &= content is not null;
            return content ?? "";
        });
        return isKnown ? $"{Version}-{Convert.ToHexString(SHA256.HashData(body.Span)).ToLowerInvariant()[..Digits]}" : null;
    }

    /// <summary>Reads the local images of all requests, which takes its time, so that <see cref="HashOf"/> need not.</summary>
    /// <param name="requests">The requests; null where a row is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static void Prepare(IEnumerable<VideoRequest?> requests, CancellationToken cancellationToken)
    {
        foreach (ImageSource image in requests.OfType<VideoRequest>().SelectMany(request => request.Images).Where(image => image.IsFile))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _ = image.Content;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Said of its row, when the hash is asked for.
            }
        }
    }

    /// <summary>The key of the row after that one among those that are alike; null where it is none of ours.</summary>
    public static string? Next(string key) =>
        key.LastIndexOf('#') is > 0 and int mark
        && int.TryParse(
            key.AsSpan(mark + 1),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out int occurrence)
        && occurrence < int.MaxValue
            ? Of(key[..mark], occurrence + 1)
            : null;

    /// <summary>The key of the <paramref name="occurrence"/>th row, from 1, with that hash.</summary>
    public static string Of(string hash, int occurrence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{hash}#{occurrence}");
}
