using System.Diagnostics;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>PowerShell as users have it, where it is installed.</summary>
internal static class Pwsh
{
    /// <summary>What to say where there is none.</summary>
    public const string Missing = "pwsh is not installed: Import-Module in pwsh, Invoke-RestMethod in a loop and under ForEach-Object -Parallel, and Invoke-WebRequest were not measured.";

    /// <summary>Its version; null where there is none.</summary>
    public static string? Version { get; } = Tool.Version("pwsh")?.Split(' ')[^1];

    /// <summary>Runs a script, which takes its parameters in order, in a process of its own; gives what it writes.</summary>
    public static string Run(string script, params string[] arguments)
    {
        string file = Path.Combine(Path.GetTempPath(), $"chuizi-bench-{Environment.ProcessId}.ps1");
        File.WriteAllText(file, script);
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", "-File", file, .. arguments])
            {
                UseShellExecute = false, RedirectStandardOutput = true,
            })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"pwsh ended with {process.ExitCode}: {output}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
