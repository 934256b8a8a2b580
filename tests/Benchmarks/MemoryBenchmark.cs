using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>The memory that a process uses while it waits for jobs. Each measurement runs in a new process.</summary>
internal static class MemoryBenchmark
{
    /// <summary>The argument that makes this program wait for jobs and print the memory that it uses.</summary>
    public const string Argument = "hold";

    private const double AtMost = 4;
    private const double Growth = 1.1;

    private static readonly TimeSpan s_longer = TimeSpan.FromHours(1);

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new(generationTime: s_longer);
        List<double> few = Tell(report, sandbox, 1000);
        List<double> many = Tell(report, sandbox, 10_000);
        report.TellRatio("a job of 10,000 beside a job of 1,000", many, few, Growth);
    }

    /// <summary>Measures in this process, which the benchmark started.</summary>
    public static void Measure(int count, Uri address, string key)
    {
        using ModuleHost host = new();
        host.Import();
        host.Connect(address, key);
        // Warm up: pools, buffers and compiled code do not count towards a job.
        host.Time("1..100 | ForEach-Object { \"a prompt $_\" } | New-ChuiziVideo | ForEach-Object { }");
        Stop(host, 100);
        long before = Settled();
        using PeakMemory memory = new();
        using PowerShell waiting = Start(host, count);
        double held = Settled() - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{held / 1024 / count} {memory.Growth}"));
        waiting.Stop();
    }

    private static List<double> Tell(Report report, SandboxProcess sandbox, int count)
    {
        List<double> peaks = [];
        List<double> held = Rounds.Of(() =>
        {
            double[] values = Child.Measure(
                Argument,
                count.ToString(CultureInfo.InvariantCulture),
                sandbox.BaseAddress.ToString(),
                sandbox.ApiKey);
            peaks.Add(values[1]);
            return values[0];
        });
        string jobs = string.Create(CultureInfo.InvariantCulture, $"{count:N0} jobs waited for by New | Wait");
        report.Tell($"{jobs}: managed memory a job", "KiB", held, AtMost);
        report.Tell("  growth of the process at its peak", "MiB", peaks[^Rounds.Count..]);
        return held;
    }

    private static void Stop(ModuleHost host, int count)
    {
        using PowerShell warm = Start(host, count);
        warm.Stop();
    }

    /// <summary>Starts submitting and waiting for jobs, and returns when all are submitted.</summary>
    private static PowerShell Start(ModuleHost host, int count)
    {
        int[] seen = [0];
        PowerShell shell = host.Make(
            $"param($seen) 1..{count} | ForEach-Object {{ \"a prompt $_\" }} | New-ChuiziVideo | ForEach-Object {{ $seen[0]++; $_ }} | "
                + "Wait-ChuiziVideo");
        shell.AddParameter("seen", seen);
        shell.BeginInvoke();
        DateTime latest = DateTime.UtcNow.AddMinutes(2);
        while (Volatile.Read(ref seen[0]) < count)
        {
            if (DateTime.UtcNow > latest || shell.InvocationStateInfo.State != PSInvocationState.Running)
            {
                throw new InvalidOperationException("The jobs were not submitted: " + string.Join(", ", shell.Streams.Error));
            }

            Thread.Sleep(1);
        }

        return shell;
    }

    private static long Settled()
    {
        for (int round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
