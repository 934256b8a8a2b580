namespace Chuizi.Video.Client.Saving;

/// <summary>What to download, and where to.</summary>
/// <param name="Address">The address: https, or http on loopback.</param>
/// <param name="Path">The full path of the target file.</param>
internal sealed record DownloadRequest(Uri Address, string Path)
{
    /// <summary>The identity of the video, independent of its address: its id. A partial file is resumed only for the same video.</summary>
    public string Video { get; init; } = Address.AbsoluteUri;

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether the API has only just reported that the video is finished, so that the CDN may not have it yet.</summary>
    public bool IsJustFinished { get; init; }

    /// <summary>Gets a new address from the API after the first one was refused; null if that is not possible.</summary>
    public Func<CancellationToken, Task<Uri?>>? RefreshAddress { get; init; }

    /// <summary>Called when the whole file is on disk, before it is renamed to its target.</summary>
    public Func<DownloadedFile, Task>? BeforeRename { get; init; }
}
