using System.Diagnostics;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>A program that may or may not be on this machine.</summary>
internal static class ExternalTool
{
    /// <summary>Skips the test, with one line, where none of the programs is on the PATH.</summary>
    public static string Require(params string[] names)
    {
        string? found = names
            .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name + ".exe") }))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{names[0]} is not installed.");
        return found!;
    }

    /// <summary>Starts a program with both streams redirected.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end; what it wrote to both streams.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
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
