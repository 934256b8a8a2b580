using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>This program in another process: it serves, or measures what wants a process that has done nothing before.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Starts it with these arguments.</summary>
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

    /// <summary>Runs it to its end; gives the numbers of its only line.</summary>
    public static double[] Measure(params string[] arguments)
    {
        using Child child = Start(arguments);
        return [.. child.ReadLine().Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
    }

    /// <summary>The next line of what it says.</summary>
    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The other process broke off.");

    /// <summary>The other side; false where the arguments are a user's.</summary>
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
