namespace Chuizi.Video.Client.Saving;

/// <summary>A file that was downloaded completely.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="Sha256">The SHA-256, in lowercase hexadecimal digits.</param>
internal sealed record DownloadedFile(string Path, long Length, string Sha256);
