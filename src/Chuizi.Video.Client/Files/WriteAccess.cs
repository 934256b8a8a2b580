namespace Chuizi.Video.Client.Files;

/// <summary>Checks that files can be created in a folder, before anything is paid for.</summary>
internal static class WriteAccess
{
    /// <summary>Why no file can be created in a folder, or in the existing folder above it; null if that is possible.</summary>
    /// <param name="folder">The full path of the folder, which need not exist.</param>
    public static string? GetProblem(string folder)
    {
        string existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        try
        {
            string probe = Path.Combine(existing, $".chuizi-{Guid.NewGuid():N}");
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return exception is UnauthorizedAccessException ? "access is denied." : exception.Message;
        }
    }
}
