namespace Chuizi.Video.Client.Files;

/// <summary>Finds out what a path points to, without opening it.</summary>
internal static class PathTargets
{
    /// <summary>What a path points to, after following all links.</summary>
    /// <exception cref="IOException">The links form a loop.</exception>
    /// <exception cref="UnauthorizedAccessException">Its attributes cannot be read.</exception>
    public static PathTarget Of(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        return !file.Exists ? PathTarget.Missing : file.Length == 0 ? PathTarget.EmptyOrSpecial : PathTarget.Regular;
    }
}
