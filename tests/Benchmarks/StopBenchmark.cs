using System.Diagnostics;
using System.Management.Automation;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// How soon <c>Stop()</c>, which Ctrl+C calls, returns for each cmdlet with a request in flight that never gets a response.
/// </summary>
internal static class StopBenchmark
{
    private const double AtMost = 250;

    private static readonly (string Script, SandboxRoute Route)[] s_cases =
    [
        ("New-ChuiziVideo 'p'", SandboxRoute.Submit),
        ("1..200 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 64", SandboxRoute.Submit),
        ("1..40 | ForEach-Object { \"p$_\" } | New-ChuiziVideo", SandboxRoute.KeyInfo),
        ("New-ChuiziVideo 'p' -MaxCost 1", SandboxRoute.Models),
        ("Wait-ChuiziVideo x", SandboxRoute.Poll),
        ("$ids | Wait-ChuiziVideo -ThrottleLimit 64", SandboxRoute.Poll),
        ("$many | Wait-ChuiziVideo", SandboxRoute.Poll),
        ("$many | Wait-ChuiziVideo -ThrottleLimit 256", SandboxRoute.Poll),
        (
            "1..1000 | ForEach-Object { \"q$_\" } | New-ChuiziVideo -ThrottleLimit 256 | Wait-ChuiziVideo | Save-ChuiziVideo $folder",
            SandboxRoute.Submit),
        ("1..1000 | ForEach-Object { \"r$_\" } | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo $folder", SandboxRoute.Poll),
        ("Get-ChuiziVideo x", SandboxRoute.Poll),
        ("$ids | Get-ChuiziVideo -ThrottleLimit 64", SandboxRoute.Poll),
        ("Save-ChuiziVideo $folder -Id x", SandboxRoute.Poll),
        ("$videos | Save-ChuiziVideo $folder -ThrottleLimit 64", SandboxRoute.Media),
        ("Get-ChuiziVideoModel -Online", SandboxRoute.Models),
        ("Get-ChuiziVideoAccount", SandboxRoute.KeyInfo),
        ("Connect-ChuiziVideo $key -BaseUri $uri", SandboxRoute.KeyInfo),
    ];

    /// <summary>Measures all cases, and reports the slowest.</summary>
    public static void Run(Report report)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("chuizi-bench-");
        try
        {
            List<double> worst = [0];
            foreach ((string script, SandboxRoute route) in s_cases)
            {
                List<double> times = Rounds.Of(() => Once(script, route, folder.FullName));
                report.Tell($"Stop(): {script}", "ms", times);
                worst = times.Order().ElementAt(times.Count / 2) > worst.Order().ElementAt(worst.Count / 2) ? times : worst;
            }

            report.Tell("the worst of them", "ms", worst, AtMost);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Once(string script, SandboxRoute route, string folder)
    {
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1_000_000 });
        using ModuleHost host = new();
        host.Import();
        host.Connect(sandbox.BaseAddress, sandbox.ApiKey);
        host.Time(
            "param($k, $u, $f) $key = $k; $uri = $u; $folder = $f; $videos = 1..100 | ForEach-Object { \"p$_\" } | New-ChuiziVideo | Wait-ChuiziVideo; $ids = $videos.Id; $many = 1..1000 | ForEach-Object { \"m$_\" } | New-ChuiziVideo",
            ("k", sandbox.ApiKey), ("u", sandbox.BaseAddress.ToString()), ("f", folder));
        sandbox.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromHours(1), Route = route, Times = int.MaxValue });
        int before = sandbox.Requests.Count;
        using PowerShell shell = host.Make(script);
        shell.BeginInvoke();
        while (sandbox.Requests.Count == before || sandbox.ActiveRequests == 0)
        {
            Thread.Sleep(1);
        }

        long start = Stopwatch.GetTimestamp();
        shell.Stop();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
