using System.Diagnostics;

namespace Chuizi.Video.Module.Session;

/// <summary>Opens a page in the user's default browser.</summary>
internal static class DefaultBrowser
{
    /// <summary>Opens the file.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">No program is associated with web pages.</exception>
    /// <exception cref="InvalidOperationException">The session has no desktop.</exception>
    public static void Open(string path)
    {
        // Without a desktop, xdg-open would start a browser for text, which takes over the terminal.
        if (OperatingSystem.IsLinux() && !HasVariable("DISPLAY") && !HasVariable("WAYLAND_DISPLAY") && !HasVariable("BROWSER"))
        {
            throw new InvalidOperationException("This session has no desktop.");
        }

        Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
    }

    private static bool HasVariable(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
