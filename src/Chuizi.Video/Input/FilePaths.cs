using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Resolves paths as PowerShell does: relative to its current location, not that of the process, and with its drives.</summary>
internal static class FilePaths
{
    /// <summary>The file that is in the way of a folder with this full path; null if there is no such file.</summary>
    public static string? FileInTheWay(string? folder)
    {
        while (folder is not null && !Directory.Exists(folder) && !File.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.Exists(folder) ? folder : null;
    }

    /// <summary>The full path in the file system.</summary>
    /// <exception cref="IOException">The drive does not exist, or the path is in another provider; the message says which.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path) => Resolve(cmdlet.SessionState.Path, path);

    /// <summary>The full path in the file system, for code outside a cmdlet.</summary>
    /// <exception cref="IOException">The drive does not exist, or the path is in another provider; the message says which.</exception>
    public static string Resolve(PathIntrinsics paths, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException("It contains a NUL character.");
        }

        if (path.StartsWith(@"\\", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            throw new IOException("It is a Windows network path, which this system cannot use.");
        }

        try
        {
            string full = paths.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            // A path that names only the provider is not rooted.
            return provider.Name == "FileSystem"
                ? Path.GetFullPath(full, paths.CurrentFileSystemLocation.ProviderPath)
                : throw new IOException($"It is in the {provider.Name} provider, not in the file system.");
        }
        catch (Exception exception) when (exception
            is SessionStateException or ArgumentException or NotSupportedException or ProviderInvocationException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
