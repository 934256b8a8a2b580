using System.Globalization;
using System.Runtime.InteropServices;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>The machine that the benchmarks ran on.</summary>
internal static class Machine
{
    /// <summary>System, processor, memory and runtime.</summary>
    public static string Description =>
        $"{RuntimeInformation.OSDescription}, {Processor}, {Environment.ProcessorCount} processors, "
        + $"{(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0).ToString("0", CultureInfo.InvariantCulture)} GiB, .NET {Environment.Version}";

    // Only Linux has it in a file.
    private static string Processor =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
