namespace Chuizi.Video.Client.Files;

/// <summary>Tells a regular file from an empty or special one without opening it, because opening a pipe would block.</summary>
internal static class PathKinds
{
    /// <summary>What a path points to, after following all links.</summary>
    /// <exception cref="IOException">The links form a loop.</exception>
    /// <exception cref="UnauthorizedAccessException">Its attributes cannot be read.</exception>
    public static PathKind Of(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        return !file.Exists ? PathKind.Missing : file.Length == 0 ? PathKind.EmptyOrSpecial : PathKind.Regular;
    }
}
