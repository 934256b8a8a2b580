using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>Rows submitted and polled once, without latency: the overhead of the module itself.</summary>
internal static class RowsBenchmark
{
    private const int Concurrency = 16;
    private const double AtMostFew = 2.5;
    private const double AtMostMany = 2;
    private const double Growth = 1.1;

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new();
        using ModuleHost host = ModuleHost.For(sandbox);
        using BareClient bare = new(sandbox);
        using BareClient opening = new(sandbox, opensConnections: true);
        List<double> few = Tell(1000, AtMostFew);
        List<double> many = Tell(10_000, AtMostMany);
        report.Tell("  10,000 rows beside ten times 1,000", "", [.. many.Zip(few, (left, right) => left / (10 * right))], Growth);
        TellScripts(report, sandbox, 1000);

        List<double> Tell(int rows, double atMost)
        {
            string script = $"1..{rows} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | Wait-ChuiziVideo | ForEach-Object {{ }}";
            List<double>[] times = Rounds.Alternate(
                () => host.Time(script).TotalSeconds,
                () => Time(() => bare.RunAsync(rows, Concurrency)),
                () => Time(() => opening.RunAsync(rows, Concurrency)));
            report.Tell(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, New | Wait, with the ledger"), "s", times[0]);
            report.Tell($"  bare HttpClient, {Concurrency} at once", "s", times[1]);
            report.TellRatio("as a ratio", times[0], times[1], atMost);
            report.Tell("  bare HttpClient that opens a connection for each submission, as the module does", "s", times[2]);
            report.TellRatio("as a ratio", times[0], times[2]);
            return times[0];
        }
    }

    private static void TellScripts(Report report, SandboxProcess sandbox, int rows)
    {
        if (Pwsh.Version is null)
        {
            report.Note(Pwsh.Missing);
            return;
        }

        using Stream stream = typeof(RowsBenchmark).Assembly.GetManifestResourceStream("rows.ps1")!;
        using StreamReader reader = new(stream);
        string script = reader.ReadToEnd();
        string[] ways = ["module", "loop", "parallel"];
        List<double>[] times = Rounds.Alternate([
            .. ways.Select(way =>
                (Func<double>)(
                    () =>
                        double.Parse(
                            Pwsh.Run(
                                script,
                                way,
                                sandbox.BaseAddress.ToString(),
                                sandbox.ApiKey,
                                rows.ToString(CultureInfo.InvariantCulture),
                                Modules.Ours),
                            CultureInfo.InvariantCulture))),
        ]);
        report.Tell(
            string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows in pwsh, a new process, New | Wait, with the ledger"),
            "s",
            times[0]);
        report.Tell("  Invoke-RestMethod in a loop", "s", times[1]);
        report.TellRatio("as a ratio", times[0], times[1]);
        report.Tell($"  Invoke-RestMethod under ForEach-Object -Parallel, {Concurrency} at once", "s", times[2]);
        report.TellRatio("as a ratio", times[0], times[2]);
    }

    private static double Time(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        work().GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
