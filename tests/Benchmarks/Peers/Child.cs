using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>This program in another process: it runs the sandbox, or measures what needs a fresh process.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Starts this program with these arguments.</summary>
    public static Child Start(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return new Child(
            Process.Start(
                new ProcessStartInfo(program, [.. own, .. arguments])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )!);
    }

    /// <summary>Runs this program to its end, and returns the numbers on its only line of output.</summary>
    public static double[] Measure(params string[] arguments)
    {
        using Child child = Start(arguments);
        return [.. child.ReadLine().Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
    }

    /// <summary>The next line of its output.</summary>
    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The child process ended early.");

    /// <summary>Does the work of a child process; returns false if the arguments come from a user.</summary>
    public static bool TryRun(string[] arguments)
    {
        switch (arguments)
        {
            case [SandboxProcess.Argument, .. string[] settings]:
                SandboxProcess.Serve(settings);
                return true;
            case [ImportBenchmark.Argument, string path]:
                using (ModuleHost host = new())
                {
                    Console.WriteLine(host.Import(path).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
                }

                return true;
            case [MemoryBenchmark.Argument, string count, string address, string key]:
                MemoryBenchmark.Measure(int.Parse(count, CultureInfo.InvariantCulture), new Uri(address), key);
                return true;
            case [OpenLedgerBenchmark.Argument, string path]:
                OpenLedgerBenchmark.Measure(path);
                return true;
            case [LargeListBenchmark.Argument, string count, string address, string key, string folder, string kind]:
                LargeListBenchmark.Measure(int.Parse(count, CultureInfo.InvariantCulture), new Uri(address), key, folder, kind);
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
