using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>The machine that the benchmarks ran on.</summary>
internal static class Machine
{
    /// <summary>The least share of the processors with which a measurement counts as one on a quiet machine.</summary>
    public const double QuietShare = 0.9;

    private static readonly TimeSpan s_spin = TimeSpan.FromSeconds(0.5);

    /// <summary>System, processor, memory and runtime.</summary>
    public static string Description =>
        $"{RuntimeInformation.OSDescription}, {Processor}, {Environment.ProcessorCount} processors, "
        + $"{(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0).ToString("0", CultureInfo.InvariantCulture)} GiB, .NET {Environment.Version}";

    /// <summary>
    /// The share of the processors that this process gets while it keeps all of them busy for half a second: about 1 on a quiet machine,
    /// and less if other programs run, or other machines on the same host.
    /// </summary>
    public static double FreeShare()
    {
        using Process process = Process.GetCurrentProcess();
        TimeSpan used = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Spin))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        return Math.Min(1, (process.TotalProcessorTime - used) / (elapsed * Environment.ProcessorCount));

        void Spin()
        {
            while (Stopwatch.GetElapsedTime(start) < s_spin)
            {
                // Uses a processor.
            }
        }
    }

    // Only Linux has it in a file.
    private static string Processor =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
