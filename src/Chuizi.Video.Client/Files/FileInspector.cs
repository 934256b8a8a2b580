namespace Chuizi.Video.Client.Files;

/// <summary>Finds out what a path leads to.</summary>
internal static class FileInspector
{
    /// <summary>The kind of the file of that path, behind all links.</summary>
    /// <exception cref="IOException">Its links form a circle.</exception>
    /// <exception cref="UnauthorizedAccessException">Its attributes cannot be read.</exception>
    public static FileKind KindOf(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        return !file.Exists ? FileKind.Missing : file.Length == 0 ? FileKind.EmptyOrSpecial : FileKind.Regular;
    }
}
