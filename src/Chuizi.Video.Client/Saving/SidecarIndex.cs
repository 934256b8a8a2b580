namespace Chuizi.Video.Client.Saving;

/// <summary>Whose files are in a folder, by their sidecars, as they are when it is read.</summary>
internal sealed class SidecarIndex
{
    private readonly ILookup<string, (string? Origin, string Path, string Sha256)> _files;

    private SidecarIndex(IEnumerable<(string Id, string? Origin, string Path, string Sha256)> files) =>
        _files = files.ToLookup(file => file.Id, file => (file.Origin, file.Path, file.Sha256), StringComparer.Ordinal);

    /// <summary>Reads the sidecars of a folder. One whose file is gone, or has another length than it says, tells nothing.</summary>
    /// <param name="folder">The full path; a folder that is not there, or cannot be listed, has none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static SidecarIndex Read(string folder, CancellationToken cancellationToken)
    {
        List<(string Id, string? Origin, string Path, string Sha256)> files = [];
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.mp4.json").Order(StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                FileInfo video = new(path[..^Sidecar.PathOf("").Length]);
                if (video.Exists && SidecarHead.Read(path) is { Id: { } id, Sha256: { } sha256 } sidecar && sidecar.Length == video.Length)
                {
                    files.Add((id, sidecar.Origin, video.FullName, sha256));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What has been read counts.
        }

        return new SidecarIndex(files);
    }

    /// <summary>The file that a video has there by a sidecar; null where there is none. Whether its content is what the sidecar says is not looked at.</summary>
    /// <param name="video">The video's id.</param>
    /// <param name="origin">The origin of the API that has it; null where that is not known.</param>
    public (string Path, string Sha256)? Find(string video, string? origin) => _files[video]
        .Where(file => origin is null || file.Origin is null || file.Origin == origin)
        .Select(file => ((string Path, string Sha256)?)(file.Path, file.Sha256))
        .FirstOrDefault();
}
