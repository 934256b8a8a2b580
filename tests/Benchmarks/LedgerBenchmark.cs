using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>The cost of writing each submission to disk before it is sent and before its video is emitted.</summary>
internal static class LedgerBenchmark
{
    private const int Rows = 1000;

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new();
        using ModuleHost host = ModuleHost.For(sandbox);
        int files = 0;
        string rows = $"1..{Rows} | ForEach-Object {{ \"a prompt $_\" }}";
        (string What, Func<double> Run)[] ways =
        [
            ("without a ledger", () => Time("off", $"{rows} | New-ChuiziVideo | ForEach-Object {{ }}")),
            ("with the default ledger", () => Time(ledger.Folder, $"{rows} | New-ChuiziVideo | ForEach-Object {{ }}")),
            (
                "with -Ledger, a new file",
                () => Time("off", $"{rows} | New-ChuiziVideo -Ledger '{ledger.Folder}/{++files}.jsonl' | ForEach-Object {{ }}")),
        ];
        List<double>[] seconds = Rounds.Alternate([.. ways.Select(way => way.Run)]);
        foreach ((string what, List<double> times) in ways.Select(way => way.What).Zip(seconds))
        {
            report.Tell(string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, New, {what}"), "s", times);
            report.TellRatio("as a ratio", times, seconds[0]);
        }

        double Time(string setting, string script)
        {
            Environment.SetEnvironmentVariable("CHUIZI_LEDGER", setting);
            return host.Time(script).TotalSeconds;
        }
    }
}
