using System.ComponentModel;
using System.Diagnostics;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>A command-line program that users could run instead of the module.</summary>
internal static class Tool
{
    /// <summary>The first line of its version output; null if it is not installed.</summary>
    public static string? Version(string program, string argument = "--version")
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, [argument]) { UseShellExecute = false, RedirectStandardOutput = true }
            )!;
            string line = process.StandardOutput.ReadLine() ?? "";
            _ = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return line;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a program that must not fail, and returns the time it took, including its start.</summary>
    public static TimeSpan Time(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        _ = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
