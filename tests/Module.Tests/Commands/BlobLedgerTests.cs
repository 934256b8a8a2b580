using System.Text;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>A ledger in an Azure append blob, at a prompt.</summary>
[Trait("Speed", "Slow")]
public sealed class BlobLedgerTests(SharedAzurite azurite) : IAsyncLifetime, IClassFixture<SharedAzurite>
{
    private const string List = "1..4 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; Duration = 4; FileName = \"f$_\" } }";

    private readonly FastClock _clock = new(20);
    private readonly Shell _shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromMilliseconds(300), Balance = 100 });
    private BlobProxy _proxy = null!;
    private string _container = "";
    private string _url = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Azurite.IsInstalled, "azurite is not installed (npm install --global azurite).");
        _container = await azurite.Server.CreateContainerAsync();
        _proxy = new BlobProxy(azurite.Server.Address);
        _url = _proxy.AddressOf($"{_container}/run.jsonl");
        _clock.Install(_shell.Runspace);
    }

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_command_with_a_ledger_uses_the_blob_and_shows_no_signature()
    {
        string signed = $"{_url}?{Azurite.Sign(_container)}";
        Outcome outcome = _shell.Run(
            $"param($url) {List} | New-ChuiziVideo -Ledger $url -Verbose | Wait-ChuiziVideo -Verbose | Save-ChuiziVideo out", ("url", signed))
            .ShouldBeClean();
        outcome.Texts("Status").ShouldBe(["succeeded", "succeeded", "succeeded", "succeeded"]);
        outcome.Texts("Ledger").Distinct().ShouldBe([_url]);
        string shown = string.Join('\n', outcome.Output.Select(item => item.ToString()).Concat(outcome.Verbose));

        const string Rest =
            """
            param($url)
            $list = 1..4 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Duration = 4; FileName = "f$_" } }
            $list | Test-ChuiziVideo -Ledger $url | ForEach-Object Action
            ($list | New-ChuiziVideo -Ledger $url | Save-ChuiziVideo out).Count
            (Get-ChuiziVideo -Ledger $url | Select-Object -First 1 | Set-ChuiziVideo -Verdict Kept -PassThru).Verdict
            (Get-ChuiziVideo -Ledger $url -Verdict Kept).Count
            (Measure-ChuiziVideo -Ledger $url).Kept
            (Export-ChuiziVideoGallery page.html -Ledger $url).Name
            """;
        outcome = _shell.Run(Rest, ("url", signed)).ShouldBeClean();
        outcome.Output.Select(item => item.ToString()).ShouldBe(["Done", "Done", "Done", "Done", "4", "Kept", "1", "1", "page.html"]);
        _shell.Posts.Count.ShouldBe(4);

        // A copy of the blob is a ledger file.
        byte[] ledger = await azurite.Server.Http.GetByteArrayAsync(
            new Uri($"{_container}/run.jsonl?{Azurite.Sign(_container)}"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_shell.Folder, "copy.jsonl"), ledger, TestContext.Current.CancellationToken);
        _shell.Run("(Get-ChuiziVideo -Ledger copy.jsonl).Count").ShouldBeClean().Output.Single().ToString().ShouldBe("4");

        outcome = _shell.Run("param($url) Get-ChuiziVideo -Ledger $url", ("url", $"{_url}2?{Azurite.Sign(_container, "c")}"));
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerUnavailable,");
        string page = await File.ReadAllTextAsync(Path.Combine(_shell.Folder, "page.html"), TestContext.Current.CancellationToken);
        string.Join('\n', shown, Encoding.UTF8.GetString(ledger), page, outcome.TheError.ToString(), outcome.TheError.Exception.ToString())
            .ShouldNotContain("sig=");
    }

    [Theory]
    [InlineData("{ 'token-1' }")]
    [InlineData("(ConvertTo-SecureString token-1 -AsPlainText -Force)")]
    [InlineData("{ ConvertTo-SecureString token-1 -AsPlainText -Force }")]
    [InlineData("{ [pscustomobject]@{ Token = ConvertTo-SecureString token-1 -AsPlainText -Force; ExpiresOn = [DateTimeOffset]::Now.AddHours(1) } }")]
    public void A_token_gives_access_in_place_of_a_signature(string credential)
    {
        RequireToken("token-1");
        _shell.Run($"{List} | New-ChuiziVideo -Ledger {_url} -LedgerCredential {credential} | Wait-ChuiziVideo").ShouldBeClean()
            .Output.Count.ShouldBe(4);
        // It is known for the rest of the session.
        _shell.Run($"(Get-ChuiziVideo -Ledger {_url}).Count").ShouldBeClean().Output.Single().ToString().ShouldBe("4");
    }

    [Fact]
    public async Task A_token_that_expires_while_videos_are_waited_for_is_renewed()
    {
        string[] tokens = ["token-1", "token-2"];
        RequireToken(tokens);
        FastClock generation = new(1);
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100, Clock = generation });
        _clock.Install(shell.Runspace);
        // The videos are finished only when another token is in use.
        Task finish = Task.Run(async () =>
        {
            await Eventually.IsAsync(
                () => shell.Server.Jobs.Count == 4 && _proxy.Requests.Any(request => request.Headers["Authorization"] == "Bearer token-2"),
                "a request with the second token");
            generation.Leap(TimeSpan.FromHours(1));
        });
        // A token is renewed from five minutes before it expires: the first one two seconds from now.
        const string Credential =
            """
            $global:calls = 0
            $credential = {
                $global:calls++
                [pscustomobject]@{
                    Token = "token-$([Math]::Min($global:calls, 2))"
                    ExpiresOn = [DateTimeOffset]::Now.AddSeconds($global:calls -eq 1 ? 302 : 3600)
                }
            }

            """;
        Outcome outcome = shell.Run(
            $"{Credential}{List} | New-ChuiziVideo -Ledger {_url} -LedgerCredential $credential | Wait-ChuiziVideo -Timeout 12000; $global:calls");
        await finish;
        outcome.ShouldBeClean().Output[^1].ToString().ShouldBe("2");
        shell.Run($"(Get-ChuiziVideo -Ledger {_url}).Status").Output.ShouldAllBe(status => status.ToString() == "succeeded");
    }

    [Theory]
    [InlineData("'token'", "-LedgerCredential must be a SecureString, or a script block that returns a token. An object of the type String cannot be used.")]
    [InlineData("{ throw 'no sign-in' }", "No token for the ledger was obtained: The script block for LedgerCredential failed: no sign-in")]
    [InlineData("{ }", "No token for the ledger was obtained: -LedgerCredential returned nothing, but expected a token.")]
    [InlineData("{ 5 }", "No token for the ledger was obtained: -LedgerCredential returned an object of the type Int32, but expected a token.")]
    [InlineData("{ 'a b' }", "No token for the ledger was obtained: -LedgerCredential returned text that is not a token.")]
    public void What_is_not_a_token_is_an_error_before_anything_is_sent(string credential, string expected)
    {
        _shell.Run($"{List} | New-ChuiziVideo -Ledger {_url} -LedgerCredential {credential}").TheError.ToString().ShouldBe(expected);
        _shell.Posts.ShouldBeEmpty();
        _proxy.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://example.com/container/run.jsonl?sig=abcdefgh", "'http://example.com/container/run.jsonl?sig=***' is not the URL of a blob. Only https is allowed.")]
    [InlineData("https://account.blob.core.windows.net/run.jsonl", "'https://account.blob.core.windows.net/run.jsonl' is not the URL of a blob. Expected https://<account>.blob.core.windows.net/<container>/<name>.jsonl.")]
    [InlineData("https://account.blob.core.windows.net/c/run.jsonl?sv=1&sig=***", "'https://account.blob.core.windows.net/c/run.jsonl?sv=1&sig=***' is not the URL of a blob. Its signature is masked (***). Use the URL with its signature.")]
    public void A_URL_that_cannot_be_a_ledger_is_refused(string url, string expected)
    {
        _shell.Run("param($url) 'a hill' | New-ChuiziVideo -Ledger $url", ("url", url)).TheError.ToString().ShouldBe(expected);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_run_that_ended_is_known_at_once_and_one_that_was_killed_after_it_was_watched()
    {
        string signed = $"{_url}?{Azurite.Sign(_container)}";
        _shell.Run($"param($url) {List} | New-ChuiziVideo -Ledger $url", ("url", signed)).ShouldBeClean();
        // A rerun continues without a wait, because the first run has said that it ended.
        Outcome outcome = _shell.Run($"param($url) {List} | New-ChuiziVideo -Ledger $url", ("url", signed)).ShouldBeClean();
        outcome.Texts("Elsewhere").ShouldAllBe(text => text == "False");
        _shell.Posts.Count.ShouldBe(4);
    }

    private void RequireToken(params string[] tokens)
    {
        _proxy.Signature = Azurite.Sign(_container);
        _proxy.Fault = request => tokens.Contains(request.Headers.GetValueOrDefault("Authorization")?["Bearer ".Length..])
            ? null
            : RawReply.Of(401, [], "x-ms-error-code: NoAuthenticationInformation", "x-ms-request-id: 1");
    }
}
