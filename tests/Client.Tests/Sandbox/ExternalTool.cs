using System.Diagnostics;
using Chuizi.Video.Tests.Support;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Runs programs that may not be installed on this machine.</summary>
internal static class ExternalTool
{
    /// <summary>Returns the first of the programs that is on the PATH, or skips the test.</summary>
    public static string Require(params string[] names)
    {
        string? found = names
            .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") }))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{string.Join(" or ", names)} is not installed.");
        return found!;
    }

    /// <summary>Returns a browser, or skips the test. The headless shell, which has no windows, needs a quarter less time.</summary>
    public static string RequireBrowser() =>
        Require("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome");

    /// <summary>Starts a program with both streams redirected.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end, and returns its exit code and both output streams.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        using var patience = new CancellationTokenSource(Eventually.Patience);
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
