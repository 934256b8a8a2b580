using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// A ledger in an append blob beside one in a file. Each claim waits for the storage, so the figure depends on how long the API takes in
/// comparison. The key's request limit is not part of it; in practice it hides the difference.
/// </summary>
internal static class BlobBenchmark
{
    private const int Rows = 500;
    private const double TimeAtMost = 1.3;
    private const double AppendsAtMost = 1.3;
    private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_submission = TimeSpan.FromMilliseconds(200);

    public static void Run(Report report)
    {
        if (!Azurite.IsInstalled)
        {
            report.Note("azurite is not installed (npm install --global azurite).");
            return;
        }

        Tell(report, s_submission, TimeAtMost);
        Tell(report, s_latency, null);
    }

    private static void Tell(Report report, TimeSpan submission, double? atMost)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new(latency: submission);
        using ModuleHost host = ModuleHost.For(sandbox);
        using Azurite azurite = new();
        string container = azurite.CreateContainerAsync().GetAwaiter().GetResult();
        BlobProxy proxy = new(azurite.Address) { Latency = s_latency };
        string query = Azurite.Sign(container);
        List<double> appends = [];
        int runs = 0;
        List<double>[] seconds = Rounds.Alternate(
            () => Time($"{ledger.Folder}/{++runs}.jsonl"),
            () =>
            {
                int before = proxy.Appends.Count;
                double time = Time(proxy.AddressOf($"{container}/{++runs}.jsonl") + "?" + query);
                appends.Add((double)(proxy.Appends.Count - before) / Rows);
                return time;
            });
        string rows = string.Create(
            CultureInfo.InvariantCulture, $"{Rows:N0} rows, New, a submission takes {submission.TotalMilliseconds:0} ms, the ledger is");
        report.Tell($"{rows} a file", "s", seconds[0]);
        report.Tell(
            string.Create(CultureInfo.InvariantCulture, $"{rows} a blob at {s_latency.TotalMilliseconds:0} ms"), "s", seconds[1]);
        report.TellRatio("as a ratio", seconds[1], seconds[0], atMost);
        report.Tell("  appends for each row", "", appends[^Rounds.Count..], AppendsAtMost);
        proxy.DisposeAsync().AsTask().GetAwaiter().GetResult();

        double Time(string path) =>
            host.Time($"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo -Ledger '{path}' | ForEach-Object {{ }}")
                .TotalSeconds;
    }
}
