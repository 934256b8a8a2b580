namespace Chuizi.Video.Client.Downloads;

/// <summary>Whose files are in a folder, by their sidecars, as they are when they are first asked for.</summary>
public sealed class SidecarIndex(string folder)
{
    private readonly Lazy<ILookup<string, (string? Origin, string Path, string Sha256)>> _files = new(() => Read(folder));

    /// <summary>The file that a video has there by a sidecar; null where there is none. Whether it still is what the sidecar says is not looked at.</summary>
    /// <param name="video">The video's id.</param>
    /// <param name="origin">The origin of the API that has it; null where that is not known.</param>
    public (string Path, string Sha256)? Find(string video, string? origin) => _files.Value[video]
        .Where(file => origin is null || file.Origin is null || file.Origin == origin)
        .Select(file => ((string Path, string Sha256)?)(file.Path, file.Sha256))
        .FirstOrDefault();

    private static ILookup<string, (string? Origin, string Path, string Sha256)> Read(string folder)
    {
        List<(string Id, string? Origin, string Path, string Sha256)> files = [];
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*.mp4.json").Order(StringComparer.Ordinal))
            {
                string video = path[..^Sidecar.PathOf("").Length];
                if (File.Exists(video) && Sidecar.Read(path) is { Id: { } id, Sha256: { } sha256 } sidecar)
                {
                    files.Add((id, sidecar.Origin, video, sha256));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that is not there, or cannot be listed, tells nothing.
        }

        return files.ToLookup(file => file.Id, file => (file.Origin, file.Path, file.Sha256), StringComparer.Ordinal);
    }
}
