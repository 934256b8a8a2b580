namespace Chuizi.Video.Client.Files;

/// <summary>How full paths are compared: as the system's usual file system does.</summary>
internal static class PathComparer
{
    /// <summary>Ignores case on Windows and macOS.</summary>
    public static readonly StringComparer Instance =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
