using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// The memory of a process that takes a list of 100,000 rows through New | Wait | Save. The sandbox runs in another process, and each file
/// is deleted as soon as it is saved.
/// </summary>
internal static class LargeListBenchmark
{
    /// <summary>The argument that makes this program take a list through the pipeline, and print what that took.</summary>
    public const string Argument = "list";

    private const int Rows = 100_000;
    private const double AtMost = 400;

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new();
        // One round takes minutes, and the peak differs little between rounds.
        double[] values = Child.Measure(
            Argument, Rows.ToString(CultureInfo.InvariantCulture), sandbox.BaseAddress.ToString(), sandbox.ApiKey, ledger.Folder);
        string what = string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, New | Wait | Save");
        report.Tell($"{what}: resident memory at its peak", "MiB", [values[0]], AtMost);
        report.Tell("  before the first row", "MiB", [values[1]]);
        report.Tell("  time", "s", [values[2]]);
        report.Tell("  processor time", "s", [values[3]]);
    }

    /// <summary>Measures in this process, which the benchmark started.</summary>
    public static void Measure(int count, Uri address, string key, string folder)
    {
        using ModuleHost host = new();
        host.Import();
        host.Connect(address, key);
        string pipeline = $"New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -Destination '{folder}/videos' | "
            + "ForEach-Object { [IO.File]::Delete($_.Path) }";
        host.Time($"1..100 | ForEach-Object {{ \"a prompt $_\" }} | {pipeline}");
        using Process process = Process.GetCurrentProcess();
        double before = process.PeakWorkingSet64 / 1048576.0;
        TimeSpan processor = process.TotalProcessorTime;
        TimeSpan time = host.Time($"1..{count} | ForEach-Object {{ \"a longer prompt $_\" }} | {pipeline}");
        process.Refresh();
        double peak = process.PeakWorkingSet64 / 1048576.0;
        processor = process.TotalProcessorTime - processor;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{peak} {before} {time.TotalSeconds} {processor.TotalSeconds}"));
    }
}
