using System.Globalization;
using System.Security.Cryptography;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Identifies a row across runs: a hash of everything that is sent (local files by their content) and, because a list may contain identical
/// rows, a number: <c>hash#1</c>. From the second take of a row on, the take follows: <c>hash#1.2</c>. Columns that are not sent do not
/// matter, nor does how a system writes line endings and accents.
/// </summary>
internal static class RowKey
{
    // The version of the hashed content. Another version results in different keys.
    private const string Version = "2";
    private const int Digits = 32;

    /// <summary>Whether a key is of another version, so that it cannot be compared with the keys of this class.</summary>
    public static bool IsOfAnotherVersion(string key)
    {
        int end = key.IndexOf('-', StringComparison.Ordinal);
        return end > 0 && key[..end] != Version && key[..end].All(char.IsAsciiDigit)
            && key.IndexOf('#', StringComparison.Ordinal) == end + 1 + Digits;
    }

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
    public static string? Next(string key)
    {
        (string row, int take) = Split(key);
        int mark = row.LastIndexOf('#');
        int? occurrence = mark > 0 ? Number(row.AsSpan(mark + 1)) : null;
        return occurrence is null or int.MaxValue ? null : OfTake(Of(row[..mark], occurrence.Value + 1), take);
    }

    /// <summary>The key of the <paramref name="occurrence"/>th row with a hash, from 1.</summary>
    public static string Of(string hash, int occurrence) => string.Create(CultureInfo.InvariantCulture, $"{hash}#{occurrence}");

    /// <summary>The key of a take of a row, from 1. The first has the key of the row itself.</summary>
    public static string OfTake(string row, int take) =>
        take == 1 ? row : string.Create(CultureInfo.InvariantCulture, $"{row}.{take}");

    /// <summary>The row and the take that a key identifies.</summary>
    public static (string Row, int Take) Split(string key)
    {
        int mark = key.LastIndexOf('#');
        int point = mark == -1 ? -1 : key.IndexOf('.', mark);
        int? take = point == -1 ? null : Number(key.AsSpan(point + 1));
        return take > 1 ? (key[..point], take.Value) : (key, 1);
    }

    private static int? Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
