using System.Diagnostics;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Programs that may or may not be on this machine.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Whether all of them are on the PATH.</summary>
    public static bool Exist(params string[] names) => names.All(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".exe"))));

    public static Process Start(string program, string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        foreach (string variable in NoEnvironment.Variables)
        {
            start.Environment.Remove(variable);
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end; its exit code and what it wrote.</summary>
    public static (int Code, string Output, string Errors) Run(string program, string folder, params string[] arguments)
    {
        using Process process = Start(program, folder, arguments);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} does not end: {output.Result} {errors.Result}");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
