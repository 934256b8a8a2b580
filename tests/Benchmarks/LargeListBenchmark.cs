using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// The memory of a process that takes a list of 100,000 rows through New | Wait | Save: prompts, and rows of a CSV file with five columns
/// and a ledger. The sandbox runs in another process, and each file is deleted as soon as it is saved.
/// </summary>
internal static class LargeListBenchmark
{
    /// <summary>The argument that makes this program take a list through the pipeline, and print what that took.</summary>
    public const string Argument = "list";

    private const int Rows = 100_000;
    private const double AtMost = 400;

    public static void Run(Report report)
    {
        using SandboxProcess sandbox = new();
        foreach ((string kind, string what) in new[] { ("prompts", "prompts"), ("csv", "rows of a CSV file with -Ledger") })
        {
            using TempLedger ledger = new();
            // One round takes minutes, and the peak differs little between rounds.
            double[] values = Child.Measure(
                Argument,
                Rows.ToString(CultureInfo.InvariantCulture),
                sandbox.BaseAddress.ToString(),
                sandbox.ApiKey,
                ledger.Folder,
                kind);
            string title = string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} {what}, New | Wait | Save");
            report.Tell($"{title}: resident memory at its peak", "MiB", [values[0]], AtMost);
            report.Tell("  before the first row", "MiB", [values[1]]);
            report.Tell("  time", "s", [values[2]]);
            report.Tell("  processor time", "s", [values[3]]);
        }
    }

    /// <summary>Measures in this process, which the benchmark started.</summary>
    public static void Measure(int count, Uri address, string key, string folder, string kind)
    {
        using ModuleHost host = new();
        host.Import();
        host.Connect(address, key);
        string list = $"1..{count} | ForEach-Object {{ \"a longer prompt $_\" }}";
        string ledger = "";
        if (kind == "csv")
        {
            string file = Path.Combine(folder, "list.csv");
            WriteList(file, count);
            (list, ledger) = ($"Import-Csv '{file}'", $" -Ledger '{Path.Combine(folder, "run.jsonl")}'");
        }

        string pipeline = $"New-ChuiziVideo{ledger} | Wait-ChuiziVideo | Save-ChuiziVideo -Destination '{folder}/videos' | "
            + "ForEach-Object { [IO.File]::Delete($_.Path) }";
        host.Time($"1..100 | ForEach-Object {{ \"a prompt $_\" }} | {pipeline}");
        using Process process = Process.GetCurrentProcess();
        double before = process.PeakWorkingSet64 / 1048576.0;
        TimeSpan processor = process.TotalProcessorTime;
        TimeSpan time = host.Time($"{list} | {pipeline}");
        process.Refresh();
        double peak = process.PeakWorkingSet64 / 1048576.0;
        processor = process.TotalProcessorTime - processor;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{peak} {before} {time.TotalSeconds} {processor.TotalSeconds}"));
    }

    private static void WriteList(string file, int count)
    {
        using StreamWriter writer = new(file);
        writer.WriteLine("Prompt,Model,Duration,AspectRatio,Scene");
        for (int row = 1; row <= count; row++)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\"A lighthouse number {row} in heavy rain, cinematic, slow camera\",google/veo-3.1-fast,8,16:9,scene {row % 500}"));
        }
    }
}
