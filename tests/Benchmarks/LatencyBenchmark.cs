using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>Rows over a connection with latency: how close the module comes to the ideal time for its concurrency.</summary>
internal static class LatencyBenchmark
{
    private const int Rows = 1000;
    private const int Concurrency = 16;
    private const double AtMost = 1.15;
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(50);

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new(latency: s_latency);
        using ModuleHost host = ModuleHost.For(sandbox);
        Tell(report, host, "New", "New-ChuiziVideo", TimeSpan.Zero);
        // All rows but the last are polled while others are being submitted.
        Tell(report, host, "New | Wait", "New-ChuiziVideo | Wait-ChuiziVideo", s_latency);
    }

    private static void Tell(Report report, ModuleHost host, string what, string pipeline, TimeSpan afterwards)
    {
        double ideal = ((double)Rows / Concurrency * s_latency.TotalSeconds) + afterwards.TotalSeconds;
        string script = $"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }} | {pipeline} | ForEach-Object {{ }}";
        List<double> seconds = Rounds.Of(() => host.Time(script).TotalSeconds);
        report.Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Rows:N0} rows at {s_latency.TotalMilliseconds:0} ms latency, {what}, with the ledger"),
            "s",
            seconds);
        report.Tell(
            string.Create(CultureInfo.InvariantCulture, $"  beside the ideal of {ideal:0.000} s, {Concurrency} at once"),
            "",
            [.. seconds.Select(value => value / ideal)],
            AtMost);
    }
}
