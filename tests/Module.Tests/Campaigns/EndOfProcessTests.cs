using System.Diagnostics;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>A process that ends during submissions waits for their ids, and sends nothing more.</summary>
[Trait("Speed", "Slow")]
public sealed class EndOfProcessTests : IDisposable
{
    private const int Rows = 300;

    /// <summary>Long enough for a loaded machine, and much shorter than what the process would wait for.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-end-").FullName;
    private readonly SandboxServer _server = SandboxServer.Start(
        new SandboxOptions { Balance = 10_000, Latency = TimeSpan.FromMilliseconds(250) });

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public void After_a_signal_every_id_reaches_the_ledger(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using ChildBatch batch = new(_server, _folder, Rows);
        batch.Start();
        Eventually.Is(() => _server.Jobs.Count >= 40, "the submissions");

        batch.Running!.Signal(signal);
        DateTime signaled = DateTime.UtcNow;
        Stopwatch watch = Stopwatch.StartNew();
        batch.AwaitEnd();

        watch.Elapsed.ShouldBeLessThan(s_soon);
        ShouldHaveAllIds(batch);
        // Three seconds are enough for the signal to arrive on a loaded machine, and all rows would take longer.
        _server.Requests.Count(request => request.Route == SandboxRoute.Submit && request.Time > signaled.AddSeconds(3)).ShouldBe(0);
    }

    [Fact]
    public void A_signal_withdraws_submissions_that_wait_for_a_retry_and_ends_the_process_soon()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        _server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 429,
                RetryAfter = TimeSpan.FromMinutes(10),
                Route = SandboxRoute.Submit,
                Times = int.MaxValue,
            });
        using ChildBatch batch = new(_server, _folder, 16, "-Verbose");
        ChildProcess process = batch.Start();
        Eventually.Is(() => process.OutputSoFar.Split("videos/generations: 429 in ").Length > 16, "every refusal arrives at the client");

        Stopwatch watch = Stopwatch.StartNew();
        batch.Running!.Signal("TERM");
        batch.AwaitEnd();

        watch.Elapsed.ShouldBeLessThan(s_soon);
        Posts().ShouldBe(16, "nothing is sent after the signal");
        LedgerListing.Read(batch.Ledger, out _).Select(entry => entry.Video.Status).ShouldBe(Enumerable.Repeat(VideoStatus.Skipped, 16));

        int Posts() => _server.Requests.Count(request => request.Route == SandboxRoute.Submit);
    }

    [Fact]
    public void A_process_that_exits_after_a_stop_waits_for_the_ids()
    {
        using ChildBatch batch = new(_server, _folder, Rows);
        batch.Write("stopped.ps1", """
            param([string] $Module, [string] $Key, [string] $Uri)
            . ./connect.ps1 $Module $Key $Uri
            $rows = Import-Csv list.csv
            $space = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
            $space.Open()
            $inner = [powershell]::Create()
            $inner.Runspace = $space
            $null = $inner.AddScript({ param($module, $key, $uri, $rows)
                Import-Module $module
                Connect-ChuiziVideo $key -BaseUri $uri
                $rows | New-ChuiziVideo -Ledger run.jsonl
            }).AddArgument($Module).AddArgument($Key).AddArgument($Uri).AddArgument($rows)
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $null = $inner.BeginInvoke($output, $output)
            while ($output.Count -lt 20) { [Threading.Thread]::Sleep(5) }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $inner.Stop()
            "stopped after $($watch.ElapsedMilliseconds) ms"
            exit 0
            """);
        batch.Start("stopped.ps1");
        batch.AwaitEnd().ShouldContain("stopped after");

        ShouldHaveAllIds(batch);
    }

    private void ShouldHaveAllIds(ChildBatch batch)
    {
        IReadOnlyList<(Video Video, string? Origin)> recorded = LedgerListing.Read(batch.Ledger, out IReadOnlyList<string> damage);
        damage.ShouldBeEmpty();
        recorded.ShouldAllBe(entry => entry.Video.Status == VideoStatus.Processing || entry.Video.Status == VideoStatus.Skipped);
        recorded.Select(entry => entry.Video.Id).OfType<string>().ShouldBe(_server.Jobs.Select(job => job.Id), ignoreOrder: true);
        _server.Jobs.Count.ShouldBeLessThan(Rows, "no more rows are sent");
    }
}
