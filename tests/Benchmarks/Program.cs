using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// Measures what users wait for, in the real engine and against the sandbox, and compares it with the peers installed here.
/// <c>./build.sh bench</c> runs all benchmarks; add names to run only those.
/// </summary>
internal static class Program
{
    private static readonly (string Name, Action<Report> Run)[] s_benchmarks =
    [
        ("import", ImportBenchmark.Run),
        ("rows", RowsBenchmark.Run),
        ("latency", LatencyBenchmark.Run),
        ("generation", GenerationBenchmark.Run),
        ("ledger", LedgerBenchmark.Run),
        ("blob", BlobBenchmark.Run),
        ("open", OpenLedgerBenchmark.Run),
        ("plan", PlanBenchmark.Run),
        ("memory", MemoryBenchmark.Run),
        ("list", LargeListBenchmark.Run),
        ("stop", StopBenchmark.Run),
        ("downloads", DownloadBenchmark.Run),
    ];

    private static int Main(string[] arguments)
    {
        if (Child.TryRun(arguments))
        {
            return 0;
        }

        // The folder to save the results to, as JSON and as a table; without it, they are only shown.
        string? folder = arguments is [.., "--save", string last] ? last : null;
        string[] names = folder is null ? arguments : arguments[..^2];
        if (names.Except(s_benchmarks.Select(benchmark => benchmark.Name)).ToArray() is { Length: > 0 } unknown)
        {
            Console.Error.WriteLine(
                $"Benchmark not found: {string.Join(", ", unknown)}. Available: {string.Join(", ", s_benchmarks.Select(benchmark => benchmark.Name))}. To save the results, end with: --save <folder>."
            );
            return 2;
        }

        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
        Report report = new(names);
        foreach ((string name, Action<Report> run) in s_benchmarks.Where(benchmark => names.Length == 0 || names.Contains(benchmark.Name)))
        {
            report.Begin(name);
            run(report);
        }

        report.End(folder);
        return 0;
    }
}
