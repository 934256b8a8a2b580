using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Commands;

public sealed class ConnectChuiziVideoTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);
    private readonly string? _key = Environment.GetEnvironmentVariable("CHUIZI_API_KEY");
    private readonly string? _address = Environment.GetEnvironmentVariable("CHUIZI_BASE_URL");

    private int Posts => _shell.Server.Requests.Count(request => request.Method == "POST");

    public ConnectChuiziVideoTests() => SetEnvironment(null, null);

    public void Dispose()
    {
        SetEnvironment(_key, _address);
        _shell.Dispose();
    }

    [Fact]
    public void Without_a_key_every_cmdlet_says_how_to_set_one()
    {
        foreach (
            string script in new[]
            {
                "New-ChuiziVideo 'a'",
                "Get-ChuiziVideo x",
                "Wait-ChuiziVideo x",
                "Save-ChuiziVideo -Id x",
                "Get-ChuiziVideoAccount",
                "Get-ChuiziVideoModel -Online",
                "Connect-ChuiziVideo",
            })
        {
            ErrorRecord error = _shell.Run(script).TheError;
            error.FullyQualifiedErrorId.ShouldStartWith("NotConnected,", customMessage: script);
            error.ErrorDetails.RecommendedAction.ShouldContain("CHUIZI_API_KEY");
        }

        _shell.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void A_console_asks_for_the_key_and_one_line_says_what_is_connected()
    {
        RecordingHost host = new(width: 120) { Answer = _shell.Server.ApiKey };
        using Shell shell = new(connect: false, host: host);
        shell.Run($"Connect-ChuiziVideo -BaseUri {_shell.Server.BaseAddress}").ShouldBeClean();
        host.Text.ShouldBe($"API key: Connected to {_shell.Server.BaseAddress}: balance $1000.00, a sandbox, nothing is billed.");
        host.Answer = null;
        shell.Run("Connect-ChuiziVideo").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
    }

    [Fact]
    public void The_connection_is_shown_without_its_key()
    {
        _shell.Run("Get-ChuiziVideoConnection").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Run($"Connect-ChuiziVideo {_shell.Server.ApiKey} -BaseUri {_shell.Server.BaseAddress} -RequestsPerMinute 90").ShouldBeClean();
        int requests = _shell.Server.Requests.Count;
        Outcome outcome = _shell.Run("Get-ChuiziVideoConnection").ShouldBeClean();
        outcome.Texts("BaseAddress").ShouldBe([_shell.Server.BaseAddress.ToString()]);
        outcome.Texts("Source").ShouldBe(["Connect-ChuiziVideo"]);
        outcome.Values("IsSandbox").ShouldBe([true]);
        outcome.Values("RequestsPerMinute").ShouldBe([90]);
        _shell.Run("Get-ChuiziVideoConnection | Format-List * | Out-String").Output.Single().ToString().ShouldNotContain(_shell.Server.ApiKey);
        _shell.Server.Requests.Count.ShouldBe(requests);
        SetEnvironment(_shell.Server.ApiKey, _shell.Server.BaseAddress.ToString());
        _shell.Run("Disconnect-ChuiziVideo; (Get-ChuiziVideoConnection).Source").ShouldBeClean().Output.Single().ToString()
            .ShouldBe("CHUIZI_API_KEY");
        using Shell rehearsal = new(connect: false);
        rehearsal.Run("$null = Start-ChuiziVideoSandbox; (Get-ChuiziVideoConnection).Source").ShouldBeClean().Output.Single().ToString()
            .ShouldBe("Sandbox");
    }

    // PSReadLine has written the line before it runs. The file keeps its length: other sessions read on from where they were.
    [Theory]
    [InlineData("ck-sandbox0000000000000000000000000", true)]
    [InlineData("ck-0123456789abcdef0123456789abcdef", true)]
    [InlineData("Get-Date", false)]
    public void A_typed_key_is_masked_in_the_history_of_the_console_even_if_it_is_wrong(string key, bool isMasked)
    {
        string path = Path.Combine(_shell.Folder, "history.txt");
        string line = $"Connect-ChuiziVideo {key} -BaseUri {_shell.Server.BaseAddress}";
        string text = $"Get-Date\n{line}\n{line}\nGet-Process\n";
        File.WriteAllText(path, text);
        Outcome outcome = _shell.Run(
            $$"""
            New-Module PSReadLine { function Get-PSReadLineOption { [pscustomobject]@{ HistorySavePath = '{{path}}' } } } | Import-Module
            {{line}}
            """);
        outcome.Warnings.Count(warning => warning.Contains("has been masked in the history file", StringComparison.Ordinal))
            .ShouldBe(isMasked ? 1 : 0);
        File.ReadAllText(path).ShouldBe(isMasked ? text.Replace(key, new string('*', key.Length), StringComparison.Ordinal) : text);
    }

    [Fact]
    public void The_environment_is_used_without_a_connection()
    {
        SetEnvironment(_shell.Server.ApiKey, _shell.Server.BaseAddress.ToString());

        _shell.Run("New-ChuiziVideo 'a'").ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("$key")]
    [InlineData("(Secure $key)")]
    [InlineData("([pscredential]::new('any', (Secure $key)))")]
    public void A_key_is_a_string_a_secure_string_or_a_credential(string expression)
    {
        Outcome outcome = _shell.Run(
            $$"""
            param($key, $uri)
            function Secure($text) { $s = [securestring]::new(); $text.ToCharArray() | ForEach-Object { $s.AppendChar($_) }; $s }
            Connect-ChuiziVideo -ApiKey {{expression}} -BaseUri $uri -PassThru
            """,
            ("key", _shell.Server.ApiKey),
            ("uri", _shell.Server.BaseAddress.ToString())).ShouldBeClean();

        outcome.Values("Balance").ShouldBe([1000m]);
        _shell.Server.Requests.Select(request => request.Path).ShouldBe(["/v1/key/info"], "the key is checked without spending");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void RequestsPerMinute_applies_to_the_key_in_all_runspaces_and_can_be_removed()
    {
        // With this clock, the minute does not pass on a slow machine.
        HandClock clock = new();
        using Shell shell = new(connect: false, clock: clock);
        using Shell other = new(connect: false, clock: clock);
        using Shell seen = new(connect: false, host: new RecordingHost(80), clock: clock);
        int Submitted() => shell.Server.Requests.Count(request => request.Method == "POST");
        (string, object?)[] where = [("key", shell.Server.ApiKey), ("uri", shell.Server.BaseAddress.ToString())];
        shell.Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri -RequestsPerMinute 5", where).ShouldBeClean();
        other.Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri", where).ShouldBeClean();
        seen.Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri", where).ShouldBeClean();
        using PowerShell first = seen.Begin("1..8 | ForEach-Object { \"p$_\" } | New-ChuiziVideo");
        using PowerShell second = other.Begin("New-ChuiziVideo 'elsewhere'");
        IAsyncResult one = first.BeginInvoke();
        // The three key checks count too, so the limit of 5 leaves two submissions.
        Eventually.Is(() => Submitted() == 2, "what the minute allows");
        IAsyncResult two = second.BeginInvoke();
        Eventually.Is(
            () =>
                first.Streams.Progress.Any(record =>
                    record.StatusDescription.Contains("waiting because of the request limit (5 per minute)", StringComparison.Ordinal)),
            "the reason");
        Submitted().ShouldBe(2);
        two.IsCompleted.ShouldBeFalse();

        using Shell third = new(connect: false, clock: clock);
        third.Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri -RequestsPerMinute 0", where).ShouldBeClean();

        one.AsyncWaitHandle.WaitOne(Eventually.Patience).ShouldBeTrue();
        two.AsyncWaitHandle.WaitOne(Eventually.Patience).ShouldBeTrue();
        Submitted().ShouldBe(9);
    }

    [Fact]
    public void RequestsPerMinute_is_shared_with_other_processes()
    {
        // Other processes have only the system's clock.
        using Shell shell = new(connect: false, clock: TimeProvider.System);
        (string, object?)[] where = [("key", shell.Server.ApiKey), ("uri", shell.Server.BaseAddress.ToString())];
        shell.Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri -RequestsPerMinute 500", where).ShouldBeClean();
        string identity = ApiConnection.Create(shell.Server.ApiKey, shell.Server.BaseAddress.ToString()).Identity;
        new SharedStateFile(DefaultLedger.StateFolder!, identity).Exists.ShouldBeTrue();
    }

    [Fact]
    public void A_failed_connection_does_not_set_RequestsPerMinute()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 401, Route = SandboxRoute.KeyInfo });
        (string, object?)[] where = [("key", _shell.Server.ApiKey), ("uri", _shell.Server.BaseAddress.ToString())];
        _shell
            .Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri -RequestsPerMinute 1", where)
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidApiKey,");
        _shell
            .Run("param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri; 'a', 'b' | New-ChuiziVideo", where)
            .ShouldBeClean()
            .Output.Count.ShouldBe(2);
    }

    [Fact]
    public void A_wrong_key_does_not_connect()
    {
        string wrong = "ck-" + new string('w', 32);
        Outcome outcome = _shell.Run(
            "param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri",
            ("key", wrong),
            ("uri", _shell.Server.BaseAddress.ToString()));

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidApiKey,");
        outcome.TheError.ToString().ShouldNotContain(wrong);
        _shell.Run("New-ChuiziVideo 'a'").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
    }

    [Theory]
    [InlineData("http://api.example.com/v1", "uses http, which would send the API key unencrypted")]
    [InlineData("ftp://api.example.com/v1", "is not a valid http or https address")]
    [InlineData("nonsense", "is not a valid http or https address")]
    [InlineData("https://user:pass@api.example.com/v1", "is not a valid http or https address")]
    public void A_base_address_that_would_expose_the_key_is_refused(string address, string expected)
    {
        Outcome outcome = _shell.Run("param($uri) Connect-ChuiziVideo ck-x -BaseUri $uri", ("uri", address));

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidBaseAddress,");
        outcome.TheError.ToString().ShouldContain(expected);
    }

    [Fact]
    public void Each_runspace_has_its_own_connection()
    {
        _shell
            .Run(
                "param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri",
                ("key", _shell.Server.ApiKey),
                ("uri", _shell.Server.BaseAddress.ToString()))
            .ShouldBeClean();
        using Shell other = new(connect: false);

        other.Run("New-ChuiziVideo 'a'").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
        _shell.Run("New-ChuiziVideo 'a'").ShouldBeClean();
    }

    [Fact]
    public void Disconnect_forgets_the_key()
    {
        _shell
            .Run(
                "param($key, $uri) Connect-ChuiziVideo $key -BaseUri $uri; Disconnect-ChuiziVideo",
                ("key", _shell.Server.ApiKey),
                ("uri", _shell.Server.BaseAddress.ToString()))
            .ShouldBeClean();

        _shell.Run("New-ChuiziVideo 'a'").TheError.FullyQualifiedErrorId.ShouldStartWith("NotConnected,");
    }

    [Fact]
    public void A_wrapped_account_response_is_understood()
    {
        using Shell wrapped = new(
            new SandboxOptions
            {
                WrapKeyInfo = true,
                Balance = 7.5m,
                RequestsPerMinute = 60,
                AllowedModels = ["google/veo-3.1"],
            });
        Outcome outcome = wrapped.Run("Get-ChuiziVideoAccount").ShouldBeClean();

        outcome.Values("Balance").ShouldBe([7.5m]);
        outcome.Values("RequestsPerMinute").ShouldBe([60]);
        ((string[])outcome.Output[0].Properties["AllowedModels"].Value).ShouldBe(["google/veo-3.1"]);
    }

    private static void SetEnvironment(string? key, string? address)
    {
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", key);
        Environment.SetEnvironmentVariable("CHUIZI_BASE_URL", address);
    }
}
