namespace Chuizi.Video.Client.Saving;

/// <summary>One file to fetch.</summary>
/// <param name="Address">https, or http on loopback.</param>
/// <param name="Path">The full path of the file to be.</param>
internal sealed record VideoDownload(Uri Address, string Path)
{
    /// <summary>What tells this video from others, whatever its address: its id. A run goes on only with what an earlier one began of the same video.</summary>
    public string Video { get; init; } = Address.AbsoluteUri;

    /// <summary>Whether a file there may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Asks the API for the address once more, when the one given is refused.</summary>
    public Func<CancellationToken, Task<Uri?>>? Refresh { get; init; }

    /// <summary>Told of the file when it is whole and on the disk, before it gets its name.</summary>
    public Func<DownloadedFile, Task>? Naming { get; init; }
}
