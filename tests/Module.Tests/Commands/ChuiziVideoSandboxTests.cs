namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Start- and Stop-ChuiziVideoSandbox: a run in the sandbox never spends money.</summary>
public sealed class ChuiziVideoSandboxTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);
    private readonly string? _key = Environment.GetEnvironmentVariable("CHUIZI_API_KEY");

    /// <summary>The sandbox that stands in for the paid API.</summary>
    private readonly SandboxServer _paid = SandboxServer.Start();

    public ChuiziVideoSandboxTests()
    {
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", _paid.ApiKey);
        Environment.SetEnvironmentVariable("CHUIZI_BASE_URL", _paid.BaseAddress.ToString());
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", _key);
        Environment.SetEnvironmentVariable("CHUIZI_BASE_URL", null);
        _shell.Dispose();
        _paid.Dispose();
    }

    [Fact]
    public void Start_connects_to_the_sandbox_and_Stop_restores_the_previous_connection()
    {
        Outcome outcome = _shell.Run("""
            $s = Start-ChuiziVideoSandbox -GenerationTime 0; $s
            New-ChuiziVideo 'rehearsal' | Wait-ChuiziVideo
            Stop-ChuiziVideoSandbox
            """).ShouldBeClean();

        outcome.Output[0].Properties["BaseAddress"].Value.ToString().ShouldStartWith("http://127.0.0.1:");
        outcome.Output[1].Properties["Status"].Value.ShouldBe("succeeded");
        _paid.Requests.ShouldBeEmpty();

        _shell.Run("New-ChuiziVideo 'for real'").ShouldBeClean();
        _paid.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public void Another_runspace_never_uses_the_key_in_the_environment_while_a_sandbox_runs()
    {
        _shell.Run("$s = Start-ChuiziVideoSandbox -GenerationTime 0").ShouldBeClean();
        using (Shell other = new(connect: false))
        {
            ErrorRecord error = other.Run("New-ChuiziVideo 'a'").TheError;
            error.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
            error.ToString().ShouldContain("while a sandbox is running in the process");
        }

        _shell.Run("Disconnect-ChuiziVideo; New-ChuiziVideo 'a'").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
        _paid.Requests.ShouldBeEmpty();
        _shell.Run("Stop-ChuiziVideoSandbox").ShouldBeClean();
    }

    [Fact]
    public void Closing_a_runspace_stops_its_sandbox()
    {
        using (Shell other = new(connect: false))
        {
            other.Run("$s = Start-ChuiziVideoSandbox").ShouldBeClean();
        }

        _shell.Run("New-ChuiziVideo 'a'").ShouldBeClean();
        _paid.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public void A_second_sandbox_and_a_port_in_use_are_refused()
    {
        _shell.Run("Start-ChuiziVideoSandbox; Start-ChuiziVideoSandbox").TheError.FullyQualifiedErrorId.ShouldStartWith("SandboxRunning,");
        _shell
            .Run("param($port) Stop-ChuiziVideoSandbox; Start-ChuiziVideoSandbox -Port $port", ("port", _paid.BaseAddress.Port))
            .TheError.FullyQualifiedErrorId.ShouldStartWith("SandboxPortInUse,");
    }

    [Fact]
    public void Stop_without_a_sandbox_is_a_warning()
    {
        _shell.Run("Stop-ChuiziVideoSandbox").Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void Stop_keeps_a_connection_made_after_Start()
    {
        _shell
            .Run(
                "param($key, $uri) $s = Start-ChuiziVideoSandbox; Connect-ChuiziVideo $key -BaseUri $uri; Stop-ChuiziVideoSandbox; "
                    + "New-ChuiziVideo 'a'",
                ("key", _paid.ApiKey),
                ("uri", _paid.BaseAddress.ToString()))
            .ShouldBeClean();
        _paid.Jobs.Count.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("& { 'a'; Stop-ChuiziVideoSandbox } | New-ChuiziVideo")]
    [InlineData("New-ChuiziVideo 'a' | ForEach-Object { Stop-ChuiziVideoSandbox; $_ } | Wait-ChuiziVideo -Timeout 0.5")]
    public void A_pipeline_that_began_in_the_sandbox_never_continues_with_the_paid_API(string script)
    {
        _shell.Run("$s = Start-ChuiziVideoSandbox -GenerationTime 60").ShouldBeClean();
        _shell.Run(script).TheError.FullyQualifiedErrorId.ShouldMatch("^(Unreachable|WaitTimeout),");

        _paid.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_pipeline_that_began_before_the_sandbox_does_not_use_the_environment_key()
    {
        _shell
            .Run("& { $null = Start-ChuiziVideoSandbox; 'a' } | New-ChuiziVideo")
            .TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");

        _paid.Requests.ShouldBeEmpty();
    }
}
