using System.Management.Automation;

namespace Chuizi.Video.Module.Input;

/// <summary>Paths as PowerShell means them: relative to its location, not to the process, and through its drives.</summary>
internal static class FilePaths
{
    /// <summary>The file that stands where a folder of that full path has to be; null where none does.</summary>
    public static string? FileInTheWay(string? folder)
    {
        while (folder is not null && !Directory.Exists(folder) && !File.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return File.Exists(folder) ? folder : null;
    }

    /// <summary>The full path in the file system.</summary>
    /// <exception cref="IOException">There is no such drive, or the path is in another provider; the message says so.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path) => Resolve(cmdlet.SessionState.Path, path);

    /// <summary>The full path in the file system, for code that runs outside a cmdlet.</summary>
    /// <exception cref="IOException">There is no such drive, or the path is in another provider; the message says so.</exception>
    public static string Resolve(PathIntrinsics paths, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException("It holds a NUL character.");
        }

        try
        {
            string full = paths.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem"
                ? full
                : throw new IOException($"It is in the {provider.Name} provider, not in the file system.");
        }
        catch (Exception exception) when (exception
            is SessionStateException or ArgumentException or NotSupportedException or ProviderInvocationException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
