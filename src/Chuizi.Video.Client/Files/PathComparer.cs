namespace Chuizi.Video.Client.Files;

/// <summary>Compares full paths the way the default file system of the operating system does.</summary>
internal static class PathComparer
{
    /// <summary>Ignores case on Windows and macOS.</summary>
    public static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Compares with <see cref="Comparison"/>.</summary>
    public static readonly StringComparer Instance = StringComparer.FromComparison(Comparison);
}
