namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>All work ends when the pipeline ends, for any reason.</summary>
[Trait("Speed", "Medium")]
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("New-ChuiziVideo 'p'", SandboxRoute.Submit)]
    [InlineData("Get-ChuiziVideo x", SandboxRoute.Poll)]
    [InlineData("Wait-ChuiziVideo x", SandboxRoute.Poll)]
    [InlineData("Save-ChuiziVideo -Id x", SandboxRoute.Poll)]
    [InlineData("Get-ChuiziVideoAccount", SandboxRoute.KeyInfo)]
    [InlineData("Get-ChuiziVideoModel -Online", SandboxRoute.Models)]
    [InlineData("Connect-ChuiziVideo ck-sandbox0000000000000000000000000 -BaseUri $uri", SandboxRoute.KeyInfo)]
    [InlineData("$v | Save-ChuiziVideo", SandboxRoute.Media)]
    [InlineData("1..40 | ForEach-Object { \"p$_\" } | New-ChuiziVideo", SandboxRoute.KeyInfo)]
    [InlineData("New-ChuiziVideo 'p' -MaxCost 1", SandboxRoute.Models)]
    [InlineData("New-ChuiziVideo 'p' | Wait-ChuiziVideo -Summary", SandboxRoute.Poll)]
    [InlineData("'p', 'q' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo", SandboxRoute.Media)]
    public void Stop_returns_while_a_request_hangs(string script, SandboxRoute route)
    {
        _shell
            .Run("param($u) $uri = $u; $v = New-ChuiziVideo 'p' | Wait-ChuiziVideo", ("u", _shell.Server.BaseAddress.ToString()))
            .ShouldBeClean();
        int before = _shell.Requests.Count;
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = s_never, Route = route, Times = int.MaxValue });
        using PowerShell shell = _shell.Begin(script.Replace("$uri", $"'{_shell.Server.BaseAddress}'", StringComparison.Ordinal));
        IAsyncResult run = shell.BeginInvoke();
        // Two videos are downloaded at the same time.
        int hanging = script.StartsWith("'p', 'q'", StringComparison.Ordinal) ? 2 : 1;
        Eventually.Is(() => _shell.Requests.Skip(before).Count(request => request.Route == route) >= hanging, "the request");

        shell.Stop();

        run.AsyncWaitHandle.WaitOne(Eventually.Patience).ShouldBeTrue();
        shell.InvocationStateInfo.State.ShouldBe(PSInvocationState.Stopped);
        int after = _shell.Requests.Count;
        _shell.Run("1").Output.Single().BaseObject.ShouldBe(1);
        _shell.Requests.Count.ShouldBe(after);
    }

    [Fact]
    public void Stopping_a_download_keeps_the_partial_file_for_the_next_call()
    {
        _shell.Run("$v = New-ChuiziVideo 'p' | Wait-ChuiziVideo").ShouldBeClean();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, At = 1000, Delay = s_never, Route = SandboxRoute.Media });
        using PowerShell shell = _shell.Begin("$v | Save-ChuiziVideo");
        IAsyncResult run = shell.BeginInvoke();
        Eventually.Is(() => Directory.GetFiles(_shell.Folder, "*.part").Any(path => new FileInfo(path).Length > 0), "the first bytes");

        shell.Stop();

        run.AsyncWaitHandle.WaitOne(Eventually.Patience).ShouldBeTrue();
        Directory.GetFiles(_shell.Folder, "*.mp4").ShouldBeEmpty();
        Eventually.Is(() => _shell.Server.ActiveRequests == 0, "the end of the request");

        _shell.Run("$v | Save-ChuiziVideo").ShouldBeClean();
        new FileInfo(Directory.GetFiles(_shell.Folder).Single()).Length.ShouldBe(
            _shell.Requests.Where(request => request.Route == SandboxRoute.Media).Sum(request => request.BytesSent));
    }

    [Theory]
    [InlineData("$v | Get-ChuiziVideo -ThrottleLimit 2 | Select-Object -First 1")]
    [InlineData("$v | Wait-ChuiziVideo -ThrottleLimit 2 -PollInterval 0.01 | Select-Object -First 1")]
    [InlineData("$v | Save-ChuiziVideo -ThrottleLimit 2 | Select-Object -First 1")]
    [InlineData("$v | Wait-ChuiziVideo -ThrottleLimit 2 -PollInterval 0.01 | Save-ChuiziVideo -ThrottleLimit 2 | Select-Object -First 1")]
    [InlineData("$v | Get-ChuiziVideo -ThrottleLimit 2 | ForEach-Object { throw 'enough' }")]
    [InlineData("$v | Wait-ChuiziVideo -ThrottleLimit 2 -PollInterval 0.01 | ForEach-Object { throw 'enough' }")]
    public void Ending_the_pipeline_downstream_leaves_no_request_behind(string script)
    {
        _shell.Run("$v = 1..200 | ForEach-Object { \"p$_\" } | New-ChuiziVideo").ShouldBeClean();
        _shell.Run("$v = $v | ForEach-Object { $_.Id }").ShouldBeClean();
        SlowDown(SandboxRoute.Poll);
        int before = _shell.Requests.Count;

        _shell.Run(script);

        Eventually.Is(() => _shell.Server.ActiveRequests == 0, "the end of the requests");
        int asked = _shell.Requests.Count - before;
        // Save-ChuiziVideo polls a video, and downloads it.
        asked.ShouldBeLessThan(script.Contains("Save-", StringComparison.Ordinal) ? 400 : 200);
        _shell.Run("1");
        // The server may read the requests that were on the wire only now: two, and the 16 polls with which Save waits. No others follow.
        int onTheWire = script.StartsWith("$v | Save-", StringComparison.Ordinal) ? 2 + 16 : 2;
        _shell.Requests.Count.ShouldBeLessThanOrEqualTo(before + asked + onTheWire);
    }

    [Fact]
    public void Select_First_after_the_first_submission_sends_nothing_more()
    {
        SlowDown(SandboxRoute.Submit);
        Outcome outcome = _shell
            .Run("1..500 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 2 | Select-Object -First 1")
            .ShouldBeClean();

        outcome.Output.Count.ShouldBe(1);
        Eventually.Is(() => _shell.Server.ActiveRequests == 0, "the end of the requests");
        _shell.Posts.Count.ShouldBeLessThan(500);
    }

    [Fact]
    public void Saving_stops_when_a_downstream_command_throws()
    {
        _shell.Run("$v = 1..30 | ForEach-Object { \"p$_\" } | New-ChuiziVideo | Wait-ChuiziVideo").ShouldBeClean();
        SlowDown(SandboxRoute.Media);
        Outcome outcome = _shell.Run("$v | Save-ChuiziVideo -ThrottleLimit 1 | ForEach-Object { throw 'enough' }");

        outcome.TheError.ToString().ShouldBe("enough");
        // The next download may have begun, and is kept to be resumed.
        Directory.GetFiles(_shell.Folder, "*.part").Length.ShouldBeLessThanOrEqualTo(1);
        Directory.GetFiles(_shell.Folder, "*.mp4").Length.ShouldBeLessThan(30);
    }

    [Fact]
    public void The_runspace_still_works_after_a_stop()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = s_never, Route = SandboxRoute.Poll });
        using PowerShell shell = _shell.Begin("Wait-ChuiziVideo x");
        shell.BeginInvoke();
        Eventually.Is(() => _shell.Server.ActiveRequests > 0, "the request");
        shell.Stop();

        _shell.Run("New-ChuiziVideo 'p' | Wait-ChuiziVideo").ShouldBeClean().Texts("Status").ShouldBe(["succeeded"]);
    }

    /// <summary>The pipeline thread may get its turn late, so not all requests may be fast.</summary>
    private void SlowDown(SandboxRoute route) => _shell.Server.Faults.Add(new SandboxFault
    {
        Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(1), Route = route, Skip = 10, Times = int.MaxValue,
    });
}
