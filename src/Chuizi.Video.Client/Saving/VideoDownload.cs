namespace Chuizi.Video.Client.Saving;

/// <summary>A video to download.</summary>
/// <param name="Address">https, or http on loopback.</param>
/// <param name="Path">The full path of the target file.</param>
internal sealed record VideoDownload(Uri Address, string Path)
{
    /// <summary>Identifies the video whatever its address: its id. A partial file is continued only if it is of the same video.</summary>
    public string Video { get; init; } = Address.AbsoluteUri;

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Asks the API for the address again when the first one is refused; null where that cannot be done.</summary>
    public Func<CancellationToken, Task<Uri?>>? RefreshAddress { get; init; }

    /// <summary>Called when the whole file is on disk, before it is renamed to its target.</summary>
    public Func<DownloadedFile, Task>? BeforeRename { get; init; }
}
