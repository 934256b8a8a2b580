namespace Chuizi.Video.Client.Files;

/// <summary>Tells files from what only has a name among them: whoever opens a named pipe waits for another to write to it.</summary>
internal static class FileKind
{
    /// <summary>
    /// Whether the file of that path, behind all links, has no content: it is empty, or a pipe, a socket or a device. Null where there is none.
    /// </summary>
    /// <exception cref="IOException">Its links go round in a circle.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be looked at.</exception>
    public static bool? IsEmpty(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        return file.Exists ? file.Length == 0 : null;
    }
}
