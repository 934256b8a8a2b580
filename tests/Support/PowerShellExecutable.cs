using System.Diagnostics;
using System.Text.Json;

namespace Chuizi.Video.Tests.Support;

/// <summary>
/// The PowerShell that tests start as a child process: the one that runs build.ps1 or a compiled copy of it, otherwise pwsh 7.4 or later on
/// the PATH, otherwise the .NET tool of this repository.
/// </summary>
public static class PowerShellExecutable
{
    /// <summary>The variable with the path of the pwsh or pwsh.dll to use. build.ps1 sets it.</summary>
    public const string Variable = "CHUIZI_TEST_PWSH";

    private const string Missing = "PowerShell 7.4 or later (pwsh) was not found. Run 'dotnet tool restore' in the root of the repository.";

    // Prints the process that is the engine itself: killing a shim, such as that of a global tool, would leave the engine running.
    private const string Probe =
        "if ($PSVersionTable.PSVersion -ge [version] '7.4') { [Environment]::ProcessPath; Join-Path $PSHOME pwsh.dll }";

    private static readonly Version s_minimum = new(7, 4);
    private static readonly Lazy<string[]?> s_found = new(Find);

    /// <summary>The dotnet command of the .NET SDK.</summary>
    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The program and first arguments that start the engine itself, so that a signal sent to the process reaches it.</summary>
    public static IReadOnlyList<string> Command => s_found.Value ?? throw new InvalidOperationException(Missing);

    /// <summary>Whether a PowerShell was found.</summary>
    public static bool Exists => s_found.Value is not null;

    private static string[]? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return CommandFor(named);
        }

        return FindOnPath() ?? FindTool();
    }

    private static string[] CommandFor(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? [DotNet, path] : [path];

    private static string[]? FindOnPath()
    {
        if (!ChildProcess.IsOnPath("pwsh"))
        {
            return null;
        }

        ProcessStartInfo start = new("pwsh", ["-NoProfile", "-NonInteractive", "-Command", Probe])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string[] lines = process
            .StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return lines switch
        {
            [string engine, string library] when Path.GetFileNameWithoutExtension(engine) == "dotnet" => [engine, library],
            [string engine, _] => [engine],
            _ => null,
        };
    }

    private static string[]? FindTool()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(".config", "dotnet-tools.json")));
        string version = manifest.RootElement.GetProperty("tools").GetProperty("powershell").GetProperty("version").GetString()!;
        string tools = Path.Combine(Repository.Packages, "powershell", version, "tools");
        string platform = OperatingSystem.IsWindows() ? "win" : "unix";
        return Version.Parse(version) < s_minimum || !Directory.Exists(tools)
            ? null
            : Directory.GetFiles(tools, "pwsh.dll", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == platform)
                .Select(CommandFor).FirstOrDefault();
    }
}
