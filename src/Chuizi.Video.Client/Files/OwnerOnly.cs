namespace Chuizi.Video.Client.Files;

/// <summary>
/// Creates files and folders that only the user can read, and opens files for one process at a time. (On Windows the folder's permissions
/// apply; in the user's profile they are limited to the owner.)
/// </summary>
internal static class OwnerOnly
{
    /// <summary>Opens a file, and creates it if the mode says so, which no other process can open this way at the same time.</summary>
    /// <exception cref="IOException">It cannot be opened, or somebody else has it open.</exception>
    public static FileStream Open(string path, FileMode mode, FileOptions options = FileOptions.None)
    {
        FileStreamOptions how = new()
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, how);
    }

    /// <summary>Creates the folder of a file, if it is missing.</summary>
    public static void MakeFolderOf(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
