using System.Globalization;
using System.Text;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Benchmarks.Peers;

namespace Chuizi.Video.Benchmarks;

/// <summary>Planning a long list, and adding up a large ledger.</summary>
internal static class PlanBenchmark
{
    private const int Rows = 10_000;
    private const int Submissions = 100_000;
    private const double MostSeconds = 2;

    public static void Run(Report report)
    {
        using TempLedger ledger = new();
        using SandboxProcess sandbox = new();
        using ModuleHost host = ModuleHost.For(sandbox);
        host.Time($"$global:rows = 1..{Rows} | ForEach-Object {{ [pscustomobject]@{{ Prompt = \"p$_\"; Duration = '4'; Scene = \"$_\" }} }}");
        report.Tell(
            string.Create(CultureInfo.InvariantCulture, $"{Rows:N0} rows, Test"),
            "s",
            Rounds.Of(() => host.Time("$rows | Test-ChuiziVideo 6>$null | ForEach-Object { }").TotalSeconds),
            MostSeconds);

        string path = Path.Combine(ledger.Folder, "large.jsonl");
        File.WriteAllLines(path, Lines());
        List<double>[] seconds = Rounds.Alternate(
            () => host.Time(
                "param($path) foreach ($line in [IO.File]::ReadLines($path)) { $null = [Text.Json.JsonDocument]::Parse($line) }",
                ("path", path)).TotalSeconds,
            () => host.Time("param($path) Measure-ChuiziVideo -Ledger $path -By Day, Model, Project", ("path", path)).TotalSeconds);
        string what = string.Create(CultureInfo.InvariantCulture, $"{Submissions:N0} submissions, Measure by day, model and column");
        report.Tell(what, "s", seconds[1], MostSeconds);
        report.TellRatio("as a ratio to parsing its lines in a loop", seconds[1], seconds[0]);
    }

    private static IEnumerable<string> Lines()
    {
        DateTime start = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);
        for (int number = 0; number < Submissions; number++)
        {
            string at = start.AddMinutes(number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            StringBuilder about = new();
            about.Append(CultureInfo.InvariantCulture, $"\"entry\":\"run-{number}\",\"key\":\"2-{number:x32}#1\",\"id\":\"vid-{number}\",");
            about.Append(CultureInfo.InvariantCulture, $"\"origin\":\"https://api.chuizi.ai\",\"at\":\"{at}\",\"model\":\"google/veo-{number % 5}\"");
            string intent = about.ToString().Replace($"\"id\":\"vid-{number}\",", "", StringComparison.Ordinal);
            string columns = $$$"""{"Prompt":null,"Scene":"{{{number}}}","Project":"P{{{number % 20}}}"}""";
            yield return $$$"""{"step":"intent",{{{intent}}},"prompt":"p{{{number}}}","duration":4,"estimate":0.12,"columns":{{{columns}}}}""";
            yield return $$"""{"step":"submitted",{{about}}}""";
            yield return $$"""{"step":"settled",{{about}},"status":"succeeded","cost":0.12,"latency_ms":45000}""";
        }
    }
}
