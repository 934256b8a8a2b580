using System.Globalization;
using System.Runtime.InteropServices;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// What a user waits for, in the real engine and against the sandbox in the same process: import, a thousand rows, a large file.
/// <c>dotnet run -c Release --project tests/Benchmarks</c>
/// </summary>
internal static class Program
{
    private const int Runs = 5;
    private const int Rows = 1000;
    private const long FileLength = 256L * 1024 * 1024;

    private static void Main()
    {
        Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}; median (least to most) of {Runs}");
        Import();
        Submissions();
        Ledger();
        Download();
    }

    private static void Import()
    {
        using ModuleHost first = new();
        Tell("import, first in the process", [first.Import().TotalMilliseconds], "ms");
        Tell("import, warm, a new runspace", Measure(() =>
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
        host.Connect(sandbox);
        string script = $"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | Wait-ChuiziVideo | ForEach-Object {{ }}";
        host.Time(script);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Tell($"{Rows} rows, New | Wait, no latency", Measure(() => host.Time(script).TotalSeconds), "s");
        double kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        Tell($"managed memory kept after {Runs * Rows} more rows (the sandbox's jobs among it)", [kept], "MiB");
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
        host.Connect(sandbox);
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
            for (int run = -1; run < Runs; run++)
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
                Tell($"{Rows} rows, New, {name}", seconds, "s");
                Tell("  as a ratio", [.. seconds.Zip(off, (left, right) => left / right)], "");
            }

            long before = GC.GetTotalMemory(forceFullCollection: true);
            Environment.SetEnvironmentVariable("CHUIZI_LEDGER", folder.FullName);
            _ = Measure(() => host.Time(ways["with the default ledger"].Script()).TotalSeconds);
            double kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
            Tell($"managed memory kept after {Runs * Rows} more rows in the default ledger (the sandbox's jobs among it)", [kept], "MiB");
        }
        finally
        {
            Environment.SetEnvironmentVariable("CHUIZI_LEDGER", null);
            folder.Delete(recursive: true);
        }
    }

    private static void Download()
    {
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1_000_000, VideoPadding = FileLength });
        using ModuleHost host = new();
        host.Import();
        host.Connect(sandbox);
        string folder = Directory.CreateTempSubdirectory("chuizi-bench-").FullName;
        try
        {
            host.Time("param($folder) $v = New-ChuiziVideo 'large' | Wait-ChuiziVideo -PollInterval 0.1; New-ChuiziVideo 'warm' | Wait-ChuiziVideo | Save-ChuiziVideo $folder", ("folder", folder));
            List<double> growth = [];
            Tell("256 MiB to disk, hash and flush", Measure(() =>
            {
                using PeakMemory memory = new();
                TimeSpan time = host.Time("param($folder) $v | Save-ChuiziVideo $folder -Force", ("folder", folder));
                growth.Add(memory.Growth);
                return time.TotalSeconds;
            }), "s");
            Tell("growth of the process meanwhile, client and sandbox together", growth, "MiB");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<double> Measure(Func<double> once) => [.. Enumerable.Range(0, Runs).Select(_ => once())];

    private static void Tell(string what, IReadOnlyList<double> values, string unit)
    {
        double[] sorted = [.. values.Order()];
        string spread = sorted.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"  ({sorted[0]:0.00} to {sorted[^1]:0.00})") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-75} {sorted[sorted.Length / 2],8:0.00} {unit}{spread}"));
    }
}
