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
