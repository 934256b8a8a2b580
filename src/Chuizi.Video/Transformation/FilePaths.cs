using System.Management.Automation;

namespace Chuizi.Video.Module.Transformation;

/// <summary>Paths as PowerShell means them: relative to its location, not to the process, and through its drives.</summary>
internal static class FilePaths
{
    /// <summary>The path as an argument that can be pasted.</summary>
    public static string Quote(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";

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
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException("It holds a NUL character.");
        }

        try
        {
            string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? full : throw new IOException($"It is in the {provider.Name} provider, not in the file system.");
        }
        catch (Exception exception) when (exception is SessionStateException or ArgumentException or NotSupportedException or ProviderInvocationException)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
