using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Saving;

/// <summary>
/// Downloads each path once in a call, although its video may be piped several times. Of a file that is saved, it only keeps what the video
/// needs. Thread-safe.
/// </summary>
internal sealed class DownloadOnce
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Lazy<Task<DownloadedFile>>> _underWay = new(StringComparer.Ordinal);
    private readonly Dictionary<TextHash, (long Length, byte[] Sha256)> _saved = [];

    /// <summary>The file at a path. A download that failed is not repeated.</summary>
    /// <param name="path">The path.</param>
    /// <param name="download">Downloads the file, which has this path.</param>
    public async Task<DownloadedFile> SaveAsync(string path, Func<Task<DownloadedFile>> download)
    {
        TextHash key = TextHash.Of(path);
        Lazy<Task<DownloadedFile>>? saving;
        lock (_gate)
        {
            if (_saved.TryGetValue(key, out (long Length, byte[] Sha256) saved))
            {
                return new DownloadedFile(path, saved.Length, Convert.ToHexString(saved.Sha256).ToLowerInvariant());
            }

            if (!_underWay.TryGetValue(path, out saving))
            {
                _underWay[path] = saving = new Lazy<Task<DownloadedFile>>(download);
            }
        }

        DownloadedFile file = await saving.Value.ConfigureAwait(false);
        byte[] sha256 = Convert.FromHexString(file.Sha256);
        lock (_gate)
        {
            _saved[key] = (file.Length, sha256);
            _underWay.Remove(path);
        }

        return file;
    }
}
