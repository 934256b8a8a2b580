namespace Chuizi.Video.Client.Saving;

/// <summary>A file that was downloaded completely.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
internal sealed record DownloadedFile(string Path, long Length, string Sha256);
