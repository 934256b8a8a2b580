using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Benchmarks;

/// <summary>Opening a ledger of a million lines, as each run does with -Ledger. Each measurement runs in a new process.</summary>
internal static class OpenLedgerBenchmark
{
    /// <summary>The argument that makes this program open a ledger, and print the time and the memory that it took.</summary>
    public const string Argument = "open";

    private const int Lines = 1_000_000;
    private const double MostSeconds = 5;
    private const double MostMemory = 300;

    public static void Run(Report report)
    {
        using TempLedger folder = new();
        foreach ((int lines, string steps) in new[] { (3, "intent, submitted, settled"), (4, "and saved") })
        {
            string path = Path.Combine(folder.Folder, $"{lines}.jsonl");
            LargeLedger.Write(path, Lines / lines, isSaved: lines == 4);
            List<double>[] values = [[], [], []];
            List<double> seconds = Rounds.Of(() =>
            {
                double[] round = Child.Measure(Argument, path);
                values.Zip(round[1..]).ToList().ForEach(pair => pair.First.Add(pair.Second));
                return round[0];
            });
            report.Tell(
                string.Create(CultureInfo.InvariantCulture, $"A ledger of {Lines:N0} lines ({steps}), opened"), "s", seconds, MostSeconds);
            report.Tell("  processor time", "s", values[0][^Rounds.Count..]);
            report.Tell("  growth of the process at its peak", "MiB", values[1][^Rounds.Count..], MostMemory);
            report.Tell("  managed memory a submission, afterwards", "B", values[2][^Rounds.Count..]);
            File.Delete(path);
        }
    }

    /// <summary>Measures in this process, which the benchmark started.</summary>
    public static void Measure(string path)
    {
        string small = path + ".small";
        LargeLedger.Write(small, 100, isSaved: true);
        Open(small);
        File.Delete(small);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using PeakMemory memory = new();
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        (VideoLedger ledger, int submissions) = Open(path);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
        double growth = memory.Growth;
        double held = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)submissions;
        GC.KeepAlive(ledger);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {processor.TotalSeconds} {growth} {held}"));
    }

    private static (VideoLedger Ledger, int Submissions) Open(string path)
    {
        VideoLedger ledger = VideoLedger.At(path);
        return (ledger, ledger.ReadAsync(book => book.Entries.Count).GetAwaiter().GetResult());
    }
}
