using System.Reflection.PortableExecutable;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>PowerShell as users run it, if it is installed.</summary>
internal static class Pwsh
{
    /// <summary>The note for a machine without PowerShell.</summary>
    public const string Missing =
        "PowerShell (pwsh) was not found: Import-Module in pwsh, Invoke-RestMethod in a loop and under ForEach-Object -Parallel, and "
            + "Invoke-WebRequest were not measured.";

    /// <summary>Its version; null if it is not installed.</summary>
    public static string? Version { get; } =
        PowerShellExecutable.Exists ? Evaluate("-Command", "$PSVersionTable.PSVersion.ToString()") : null;

    /// <summary>
    /// Whether its engine was compiled ahead of time, as it is in the installers but not in the .NET tool. Without that, an import also
    /// takes the time to compile what it uses of the engine.
    /// </summary>
    public static bool IsPrecompiled
    {
        get
        {
            using FileStream engine = File.OpenRead(Evaluate("-Command", "[psobject].Assembly.Location"));
            using PEReader reader = new(engine);
            return reader.PEHeaders.CorHeader is { ManagedNativeHeaderDirectory.Size: > 0 };
        }
    }

    /// <summary>Runs a script with positional arguments in a new process, and returns its output.</summary>
    public static string Run(string script, params string[] arguments)
    {
        string file = Path.Combine(Path.GetTempPath(), $"chuizi-bench-{Environment.ProcessId}.ps1");
        File.WriteAllText(file, script);
        try
        {
            return Evaluate(["-File", file, .. arguments]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Evaluate(params string[] arguments)
    {
        ChildResult run = ChildProcess.Run(
            [.. PowerShellExecutable.Command, "-NoProfile", "-NonInteractive", .. arguments],
            Path.GetTempPath());
        return run.ExitCode == 0 ? run.Output.Trim() : throw new InvalidOperationException($"pwsh ended with {run.ExitCode}: {run.Text}");
    }
}
