namespace Chuizi.Video.Client.Saving;

/// <summary>Maps videos to the files in a folder, according to the sidecars there.</summary>
internal sealed class SidecarIndex
{
    private readonly ILookup<string, (string? Origin, string Path, string Sha256)> _files;

    private SidecarIndex(IEnumerable<(string Id, string? Origin, string Path, string Sha256)> files) =>
        _files = files.ToLookup(file => file.Id, file => (file.Origin, file.Path, file.Sha256), StringComparer.Ordinal);

    /// <summary>Reads the sidecars of a folder. Skips those whose file is missing or has a different length.</summary>
    /// <param name="folder">The full path; a folder that does not exist or cannot be listed has no sidecars.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static SidecarIndex Read(string folder, CancellationToken cancellationToken)
    {
        List<(string Id, string? Origin, string Path, string Sha256)> files = [];
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.mp4.json").Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                FileInfo video = new(path[..^Sidecar.PathOf("").Length]);
                if (video.Exists && Sidecar.ReadHead(path) is { Id: { } id, Sha256: { } sha256 } sidecar && sidecar.Length == video.Length)
                {
                    files.Add((id, sidecar.Origin, video.FullName, sha256));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Keep what was read before the error.
        }

        return new SidecarIndex(files);
    }

    /// <summary>The file that a video has according to its sidecar; null without one. The file's content is not checked.</summary>
    /// <param name="video">The video's id.</param>
    /// <param name="origin">The origin of the API that has the job; null if not known.</param>
    public (string Path, string Sha256)? Find(string video, string? origin) => _files[video]
        .Where(file => origin is null || file.Origin is null || file.Origin == origin)
        .Select(file => ((string Path, string Sha256)?)(file.Path, file.Sha256))
        .FirstOrDefault();
}
