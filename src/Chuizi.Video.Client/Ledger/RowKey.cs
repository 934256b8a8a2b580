using System.Security.Cryptography;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Identifies a row across runs: a hash of everything that is sent (local files by their content) and, because a list may contain identical
/// rows, a number. Columns that are not sent do not matter, nor does how a system writes line endings and accents.
/// </summary>
internal static class RowKey
{
    // The version of the hashed content. Another version results in different keys.
    private const string Version = "2";
    private const int Digits = 32;

    /// <summary>Whether a key is of another version, so that it cannot be compared with the keys of this class.</summary>
    public static bool IsOfAnotherVersion(string key) =>
        key.IndexOf('-', StringComparison.Ordinal) is > 0 and int end && key[..end] != Version && key[..end].All(char.IsAsciiDigit)
        && key.IndexOf('#', StringComparison.Ordinal) == end + 1 + Digits;

    /// <summary>Calculates the hash of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="contentOf">
    /// Returns the content of a local image that can no longer be read, as it was when sent; null if unknown.
    /// </param>
    /// <returns>Null if an image cannot be read and its content is unknown.</returns>
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

    /// <summary>Hashes the local files of all requests, which may take a while, so that <see cref="HashOf"/> does not have to.</summary>
    /// <param name="requests">The requests; null for rows without one.</param>
    /// <param name="cancellationToken">Stops hashing.</param>
    public static void Prepare(IEnumerable<VideoRequest?> requests, CancellationToken cancellationToken)
    {
        foreach (MediaSource image in requests.OfType<VideoRequest>().SelectMany(request => request.LocalFiles))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _ = image.Content;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Reported for its row when the hash is calculated.
            }
        }
    }

    /// <summary>The key of the next identical row; null if <paramref name="key"/> does not have the format of this class.</summary>
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

    /// <summary>The key of the <paramref name="occurrence"/>th row with a hash, from 1.</summary>
    public static string Of(string hash, int occurrence) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{hash}#{occurrence}");
}
