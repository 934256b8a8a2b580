using System.Globalization;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Where the default ledgers are: one file per month in the user's state folder, or the folder or file that the user sets; and one file for
/// each sandbox.
/// </summary>
internal static class DefaultLedger
{
    /// <summary>
    /// The environment variable that sets the location (a folder, or a file ending in <c>.jsonl</c>) or turns the ledger <c>off</c>.
    /// </summary>
    public const string Variable = "CHUIZI_LEDGER";

    private const string Extension = ".jsonl";

    private const string SandboxPrefix = "sandbox-";

    /// <summary>Whether the user has turned the default ledger off.</summary>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    public static bool IsOff(string? setting) => "off".Equals(setting?.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>This month's file; null if the ledger is off, or if the user has no state folder.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: the setting is not valid.</exception>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    /// <param name="now">The current UTC time.</param>
    public static string? ForMonth(string? setting, DateTime now) => (Folder(setting), IsFile(setting)) switch
    {
        (null, _) => null,
        ({ } file, true) => file,
        ({ } folder, _) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"ledger-{now:yyyy-MM}{Extension}")),
    };

    /// <summary>
    /// The file for what is submitted to a sandbox, which is never the account's ledger; null if the ledger is off, or without a folder.
    /// </summary>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    /// <param name="origin">The origin of the sandbox.</param>
    public static string? ForSandbox(string? setting, Uri origin) => FolderOf(setting) is { } folder
        ? Path.Combine(folder, "sandbox-ledgers", string.Create(
            CultureInfo.InvariantCulture, $"{SandboxPrefix}{origin.Host}-{origin.Port}{Extension}"))
        : null;

    /// <summary>Deletes the file of a sandbox, and those that other sandboxes left behind a week ago. No other file is touched.</summary>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    /// <param name="origin">The origin of the sandbox.</param>
    /// <param name="now">The current UTC time.</param>
    public static void ForgetSandbox(string? setting, Uri origin, DateTime now)
    {
        if (ForSandbox(setting, origin) is not { } path)
        {
            return;
        }

        try
        {
            string folder = Path.GetDirectoryName(path)!;
            foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{SandboxPrefix}*{Extension}") : [])
            {
                if (file == path || File.GetLastWriteTimeUtc(file) < now.AddDays(-7))
                {
                    File.Delete(file);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file is only a rehearsal's.
        }
    }

    /// <summary>All existing files, newest first.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: the setting is not valid, or the folder cannot be read.</exception>
    public static IReadOnlyList<string> All(string? setting)
    {
        string? folder = Folder(setting);
        try
        {
            return folder is null ? []
                : IsFile(setting) ? (File.Exists(folder) ? [folder] : [])
                : Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "ledger-*" + Extension).OrderDescending(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"The ledgers in '{folder}' cannot be listed: {exception.Message}",
                exception);
        }
    }

    /// <summary>
    /// The state folder of the user, whatever <see cref="Variable"/> says, because all processes of the user must find the same one. Null
    /// without one.
    /// </summary>
    public static string? StateFolder
    {
        get
        {
            string home = Home;
            string? state =
                OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
                    // Windows: %LOCALAPPDATA%; macOS: ~/Library/Application Support.
                    ? Environment.GetFolderPath(
                        OperatingSystem.IsWindows()
                            ? Environment.SpecialFolder.LocalApplicationData
                            : Environment.SpecialFolder.ApplicationData)
                : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } given && Path.IsPathRooted(given) ? given
                : home.Length > 0 ? Path.Combine(home, ".local", "state")
                : null;
            return string.IsNullOrEmpty(state)
                ? null
                : Path.Combine(state, OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? "Chuizi.Video" : "chuizi-video");
        }
    }

    /// <summary>
    /// The folder of the default ledger, in which the list of all ledgers is kept; null if it is turned off, the setting is not valid, or
    /// the user has no state folder.
    /// </summary>
    /// <param name="setting">The value of <see cref="Variable"/>.</param>
    public static string? FolderOf(string? setting)
    {
        try
        {
            return IsFile(setting) ? Path.GetDirectoryName(Folder(setting)) : Folder(setting);
        }
        catch (ChuiziException)
        {
            return null;
        }
    }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static bool IsFile(string? setting) => setting?.Trim().EndsWith(Extension, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Folder(string? setting)
    {
        setting = setting?.Trim();
        return string.IsNullOrEmpty(setting) ? StateFolder
            : IsOff(setting) ? null
            : Given(setting, Home);
    }

    /// <summary>
    /// The full path in the setting. A relative path would mean a different ledger in each folder that PowerShell is started in.
    /// </summary>
    private static string Given(string setting, string home)
    {
        string path = setting is ['~', '/' or '\\', .. string rest] ? Path.Combine(home, rest) : setting;
        string? problem = !Path.IsPathFullyQualified(path) ? "is not a full path"
            : File.Exists(path) && !IsFile(path) ? $"is a file whose name does not end with {Extension}"
            : null;
        return problem is null
            ? Path.GetFullPath(path)
            : throw new ChuiziException(
                ChuiziErrorKind.LedgerUnavailable,
                $"{Variable} {problem}: '{setting}'. Use the full path of a folder, the full path of a file with the extension "
                    + $"{Extension}, or 'off'.");
    }
}
