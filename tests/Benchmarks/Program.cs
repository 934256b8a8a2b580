using System.Runtime.InteropServices;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// What a user waits for, in the real engine and against the sandbox: import, a thousand rows, a stop, downloads.
/// <c>dotnet run -c Release --project tests/Benchmarks</c>, and with <c>-- downloads</c> or <c>-- stops</c> those alone.
/// </summary>
internal static class Program
{
    private const int Rows = 1000;

    private static int Main(string[] arguments)
    {
        if (arguments is [SandboxProcess.Argument, string padding, string latency])
        {
            SandboxProcess.Serve(padding, latency);
            return 0;
        }

        if (arguments is not ([] or ["downloads" or "stops"]))
        {
            Console.Error.WriteLine("The arguments are: downloads, stops.");
            return 2;
        }

        Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; median (least to most) of {Results.Runs}");
        if (arguments.Length == 0)
        {
            Import();
            Submissions();
            Ledger();
        }

        if (arguments is [] or ["stops"])
        {
            StopBenchmark.Run();
        }

        if (arguments is [] or ["downloads"])
        {
            using DownloadBenchmark downloads = new();
            downloads.Run();
        }

        return 0;
    }

    private static void Import()
    {
        using ModuleHost first = new();
        Results.Tell("import, first in the process", [first.Import().TotalMilliseconds], "ms");
        Results.Tell("import, warm, a new runspace", Results.Measure(() =>
        {
            using ModuleHost host = new();
            return host.Import().TotalMilliseconds;
        }), "ms");
    }

    private static void Submissions()
    {
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1_000_000, MaximumRecordedRequests = 1 });
        using ModuleHost host = new();
        host.Import();
        host.Connect(sandbox.BaseAddress, sandbox.ApiKey);
        string script = $"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | Wait-ChuiziVideo | ForEach-Object {{ }}";
        host.Time(script);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Results.Tell($"{Rows} rows, New | Wait, no latency", Results.Measure(() => host.Time(script).TotalSeconds), "s");
        double kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        Results.Tell($"managed memory kept after {Results.Runs * Rows} more rows (the sandbox's jobs among it)", [kept], "MiB");
    }

    /// <summary>What it costs to have each submission on the disk before it leaves and before its video comes out.</summary>
    private static void Ledger()
    {
        // Another key than a sandbox's: the default ledger is kept.
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions
        {
            ApiKey = "ck-benchmark0000000000000000000000", GenerationTime = TimeSpan.Zero, Balance = 1_000_000, MaximumRecordedRequests = 1,
        });
        using ModuleHost host = new();
        host.Import();
        host.Connect(sandbox.BaseAddress, sandbox.ApiKey);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("chuizi-bench-");
        try
        {
            int files = 0;
            string rows = $"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }}";
            Dictionary<string, (string Setting, Func<string> Script, List<double> Seconds)> ways = new()
            {
                ["without a ledger"] = ("off", () => $"{rows} | New-ChuiziVideo | ForEach-Object {{ }}", []),
                ["with the default ledger"] = (folder.FullName, () => $"{rows} | New-ChuiziVideo | ForEach-Object {{ }}", []),
                ["with -Ledger, a new file"] = ("off", () => $"{rows} | New-ChuiziVideo -Ledger '{folder.FullName}/{++files}.jsonl' | ForEach-Object {{ }}", []),
            };
            for (int run = -1; run < Results.Runs; run++)
            {
                // In turn, so that a noisy moment hits all; the first round warms up.
                foreach ((string setting, Func<string> script, List<double> seconds) in ways.Values)
                {
                    Environment.SetEnvironmentVariable("CHUIZI_LEDGER", setting);
                    double time = host.Time(script()).TotalSeconds;
                    seconds.AddRange(run >= 0 ? [time] : []);
                }
            }

            List<double> off = ways["without a ledger"].Seconds;
            foreach ((string name, (_, _, List<double> seconds)) in ways)
            {
                Results.Tell($"{Rows} rows, New, {name}", seconds, "s");
                Results.Tell("  as a ratio", [.. seconds.Zip(off, (left, right) => left / right)], "");
            }

            long before = GC.GetTotalMemory(forceFullCollection: true);
            Environment.SetEnvironmentVariable("CHUIZI_LEDGER", folder.FullName);
            _ = Results.Measure(() => host.Time(ways["with the default ledger"].Script()).TotalSeconds);
            double kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
            Results.Tell($"managed memory kept after {Results.Runs * Rows} more rows in the default ledger (the sandbox's jobs among it)", [kept], "MiB");
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHUIZI_LEDGER", null);
            folder.Delete(recursive: true);
        }
    }
}
