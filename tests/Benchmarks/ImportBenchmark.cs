using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>The cost of <c>Import-Module</c>, compared with an empty binary module.</summary>
internal static class ImportBenchmark
{
    /// <summary>The argument that makes this program import a module, first in its process, and print the milliseconds.</summary>
    public const string Argument = "import-once";

    /// <summary>The time allowed on top of twice the empty module's, in milliseconds.</summary>
    private const double Allowance = 30;

    /// <summary>The time allowed on top of the empty module's in a new process of pwsh, in milliseconds.</summary>
    private const double AllowanceInPwsh = 15;

    public static void Run(Report report)
    {
        Tell(report, "first in a process of the bare engine", path => Child.Measure(Argument, path)[0]);
        Tell(report, "in a new runspace of a warm process", Warm);
        if (Pwsh.Version is { } version)
        {
            Tell(
                report,
                $"first in a process of pwsh {version}{(Pwsh.IsPrecompiled ? "" : ", not compiled ahead of time")}",
                path =>
                    double.Parse(
                        Pwsh.Run(
                            "param($path) $watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module $path; "
                                + "$watch.Elapsed.TotalMilliseconds",
                            path),
                        CultureInfo.InvariantCulture),
                AllowanceInPwsh);
        }
        else
        {
            report.Note(Pwsh.Missing);
        }
    }

    private static void Tell(Report report, string where, Func<string, double> import, double? allowance = null)
    {
        List<double>[] times = Rounds.Alternate(
            () => import(Modules.Ours),
            () => import(Modules.Empty),
            () => import(Modules.EmptyWithFiles),
            () => import(Modules.EmptyAssembly));
        report.Tell($"import, {where}", "ms", times[0]);
        report.Tell("  an empty binary module", "ms", times[1]);
        report.Tell(
            "  what it takes besides the empty one's time", "ms", [.. times[0].Zip(times[1], (ours, empty) => ours - empty)], allowance);
        report.Tell(
            "  what it takes besides twice the empty one's time",
            "ms",
            [.. times[0].Zip(times[1], (ours, empty) => ours - (2 * empty))],
            Allowance);
        report.Tell("  an empty binary module with one type and one view", "ms", times[2]);
        report.Tell("  an empty binary module without a manifest", "ms", times[3]);
    }

    private static double Warm(string path)
    {
        using ModuleHost host = new();
        return host.Import(path).TotalMilliseconds;
    }
}
