using System.Security.Cryptography;

namespace Chuizi.Video.Client.Files;

/// <summary>Compares the content of a file with a hash.</summary>
internal static class FileHash
{
    /// <summary>Whether the file exists and has this SHA-256.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="sha256">The hash in hexadecimal digits.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<bool> MatchesAsync(string path, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            if (PathKinds.Of(path) != PathKind.Regular)
            {
                return false;
            }

            FileStream stream = new(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (stream.ConfigureAwait(false))
            {
                byte[] hash = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
                return Convert.ToHexString(hash).Equals(sha256, StringComparison.OrdinalIgnoreCase);
            }
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
