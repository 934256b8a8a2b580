using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>A ledger in an append blob, on a real storage server, through proxies that damage the traffic.</summary>
[Trait("Speed", "Slow")]
public sealed class LedgerBlobTests : ClientTest, IClassFixture<SharedAzurite>
{
    private readonly Azurite _azurite;
    private readonly BlobProxy _proxy;
    private readonly string _blob;
    private readonly string _signature;
    private readonly string _address;
    private readonly TempFolder _home;

    public LedgerBlobTests(SharedAzurite azurite)
    {
        Assert.SkipUnless(Azurite.IsInstalled, "azurite is not installed (npm install --global azurite).");
        _azurite = azurite.Server;
        string container = _azurite.CreateContainerAsync().GetAwaiter().GetResult();
        _signature = Azurite.Sign(container);
        _blob = $"{container}/run.jsonl";
        _proxy = Own(new BlobProxy(_azurite.Address));
        _address = Through(_proxy);
        _home = Folder();
    }

    [Fact]
    public async Task A_ledger_is_created_and_read_and_a_copy_of_it_is_a_ledger_file()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        ledger.Exists.ShouldBeFalse();
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(0);
        await ledger.AppendAsync(Records.Intent("e1", "k1"), Records.Submitted("e1", "v1", "k1"));
        await ledger.AppendAsync(Records.Settled("v1", VideoStatus.Succeeded, 0.4m));
        ledger.Exists.ShouldBeTrue();

        (await Another().ReadAsync(book => book.Find(Records.Api, "k1")!.Cost)).ShouldBe(0.4m);
        (Video Video, string? Origin) listed = LedgerListing.Read(_address, out IReadOnlyList<string> damage).Single();
        (listed.Video.Id, listed.Video.Ledger, damage.Count).ShouldBe(("v1", _address, 0));
        string copy = _home.Of("copy.jsonl");
        await File.WriteAllBytesAsync(copy, await BytesAsync(), TestContext.Current.CancellationToken);
        LedgerListing.Read(copy, out _).Single().Video.Status.ShouldBe(VideoStatus.Succeeded);
        LedgerListing.ReadPrices([_address], CancellationToken.None).Models(Records.Api).ShouldHaveSingleItem();
        string missing = LedgerAddress.Accept($"{_address}x?{_signature}");
        (await ShouldFailAsync(Task.Run(() => LedgerListing.Read(missing, out _)))).Kind.ShouldBe(ChuiziErrorKind.LedgerNotFound);
    }

    [Theory]
    [InlineData("lost reply")]
    [InlineData("lost request")]
    [InlineData("500 after it was stored")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("408")]
    [InlineData("200")]
    [InlineData("201")]
    public async Task Whatever_happens_to_an_append_each_line_is_stored_once(string fault)
    {
        int left = 2;
        RawReply? Answer(RawRequest request) => BlobProxy.IsAppend(request) && int.TryParse(fault, out int status) && left-- > 0
            ? RawReply.Of(status, [], "x-ms-error-code: ServerBusy")
            : fault == "lost request" && BlobProxy.IsAppend(request) && left-- > 0 ? new RawReply([], Close: true) : null;
        _proxy.Fault = Answer;
        _proxy.LosesReply = request => fault is "lost reply" or "500 after it was stored" && BlobProxy.IsAppend(request) && left-- > 0;
        VideoLedger ledger = VideoLedger.At(_address);
        for (int entry = 0; entry < 5; entry++)
        {
            await ledger.AppendAsync(Records.Intent($"e{entry}", $"k{entry}"));
        }

        string[] lines = await LinesAsync();
        lines.Select(line => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line))!.Entry).ShouldBe(["e0", "e1", "e2", "e3", "e4"]);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(5);
    }

    [Fact]
    public async Task A_reply_that_is_lost_while_somebody_else_writes_right_after_is_settled_by_reading()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Intent("e0", "k0"));
        VideoLedger other = Another();
        int left = 1;
        _proxy.LosesReply = request =>
        {
            bool isLost = BlobProxy.IsAppend(request) && left-- > 0;
            if (isLost)
            {
                other.AppendAsync(Records.Intent("theirs", "k2")).GetAwaiter().GetResult();
            }

            return isLost;
        };
        await ledger.AppendAsync(Records.Intent("ours", "k1"));
        (await EntriesAsync()).ShouldBe(["e0", "ours", "theirs"]);
        (await ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe(["e0", "ours", "theirs"]);
    }

    [Fact]
    public async Task A_decision_is_made_again_if_somebody_else_has_written_and_the_row_is_claimed_once()
    {
        VideoLedger first = VideoLedger.At(_address);
        VideoLedger second = Another();
        await first.ReadAsync(book => book.Entries.Count);
        await second.ReadAsync(book => book.Entries.Count);
        (SubmissionClaims Log, PlannedRow Row)[] runs = [.. new[] { first, second }.Select(ledger => (LogOf(ledger), Row("1-k#0")))];
        LedgerRecord? won = await runs[0].Log.ClaimAsync(runs[0].Row);
        LedgerRecord? lost = await runs[1].Log.ClaimAsync(runs[1].Row);
        won.ShouldNotBeNull();
        lost.ShouldBeNull();
        runs[1].Row.Action.ShouldBe(RowAction.IsElsewhere);
        (await EntriesAsync()).ShouldBe([won.Entry!]);
        (await second.ReadAsync(book => book.Entries.Count)).ShouldBe(1, "the withdrawn intent has left the book");
        foreach ((SubmissionClaims claims, _) in runs)
        {
            claims.Dispose();
        }
    }

    [Fact]
    public async Task Processes_that_claim_the_same_rows_at_once_get_each_row_once()
    {
        const int Rows = 60;
        LedgerProcess[] processes = [.. Enumerable.Range(0, 3).Select(_ => Own(LedgerProcess.Claim(_address + "?" + _signature, Rows, 8)))];
        foreach (LedgerProcess process in processes)
        {
            await process.SayAsync();
        }

        foreach (LedgerProcess process in processes)
        {
            process.Go();
        }

        string[][] claimed = await Task.WhenAll(processes.Select(process => process.EndAsync()));
        claimed.SelectMany(rows => rows).Select(row => int.Parse(row, CultureInfo.InvariantCulture)).Order()
            .ShouldBe(Enumerable.Range(0, Rows));
        (await EntriesAsync()).Where(entry => entry.Length > 0).Distinct().Count().ShouldBe(Rows);
    }

    [Fact]
    public async Task Many_rows_take_at_most_1_3_appends_each()
    {
        const int Rows = 300;
        SandboxServer server = Start(new SandboxOptions { Balance = 1000, GenerationTime = TimeSpan.Zero });
        ChuiziClient client = Connect(server, TimeProvider.System);
        _proxy.Latency = TimeSpan.FromMilliseconds(20);
        SubmissionClaims claims = LogOf(VideoLedger.At(_address), client.Connection.Origin);
        ConcurrentBag<PlannedRow> ended = [];
        PlannedRow[] rows = [.. Enumerable.Range(0, Rows).Select(row => Submissions.Row(row + 1, Request($"p{row}"), $"1-{row}#0", position: row))];
        await new BatchSubmitter(client, 16, claims).RunAsync(rows, ended.Add, CancellationToken.None);
        ended.Count(row => row.State is not null).ShouldBe(Rows);
        _proxy.Appends.Count.ShouldBeLessThanOrEqualTo(Rows * 13 / 10);
        (await Another().ReadAsync(book => book.Entries.Count(entry => entry.Id is not null))).ShouldBe(Rows);
    }

    [Fact]
    public async Task A_blob_that_is_replaced_is_read_again_from_its_start()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Intent("old", "k1"));
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(1);
        await SendAsync(HttpMethod.Delete, null);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(0);
        await ledger.AppendAsync(Records.Intent("new", "k2"), Records.Intent("newer", "k3"));
        await SendAsync(HttpMethod.Delete, null);
        await Another().AppendAsync(Records.Intent("other", "k4"));
        (await ledger.ReadAsync(book => book.Entries.Select(entry => entry.Entry).ToArray())).ShouldBe(["other"]);
    }

    [Fact]
    public async Task What_is_not_a_ledger_is_not_written()
    {
        await SendAsync(HttpMethod.Put, "Prompt\nA red kite\n"u8.ToArray(), "BlockBlob");
        ChuiziException refusal = await ShouldFailAsync(VideoLedger.At(_address).AppendAsync(Records.Intent("e", "k")));
        refusal.Kind.ShouldBe(ChuiziErrorKind.InvalidLedger);
        refusal.Message.ShouldContain("is a BlockBlob, but expected an append blob");
        await SendAsync(HttpMethod.Delete, null);
        await SendAsync(HttpMethod.Put, [], "AppendBlob");
        await SendAsync(HttpMethod.Put, "Prompt\nA red kite\n"u8.ToArray(), null, "&comp=appendblock");
        refusal = await ShouldFailAsync(VideoLedger.At(_address).ReadAsync(book => book.Entries.Count));
        (refusal.Kind, refusal.Message).ShouldBe((ChuiziErrorKind.InvalidLedger,
            $"'{_address}' is not a ledger: it contains no ledger records. Nothing was written to it and nothing was submitted."));
    }

    [Fact]
    public async Task A_last_line_without_a_line_feed_is_used_and_kept_apart()
    {
        await SendAsync(HttpMethod.Put, [], "AppendBlob");
        byte[] line = Records.Bytes([Records.Intent("e1", "k1"), Records.Intent("e2", "k2")])[..^1];
        await SendAsync(HttpMethod.Put, line, null, "&comp=appendblock");
        VideoLedger ledger = VideoLedger.At(_address);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(2);
        await ledger.AppendAsync(Records.Intent("e3", "k3"));
        (await EntriesAsync()).ShouldBe(["e1", "e2", "e3"]);
        await Another().AppendAsync(Records.Intent("e4", "k4"));
        (await EntriesAsync()).ShouldBe(["e1", "e2", "e3", "e4"]);
    }

    [Theory]
    [InlineData("r", "x-ms")]
    [InlineData("expired", "403")]
    [InlineData("wrong", "403")]
    public async Task Without_permission_nothing_is_written_and_the_error_has_no_signature(string kind, string expected)
    {
        string container = _blob[.._blob.LastIndexOf('/')];
        string signature = kind switch
        {
            "expired" => Azurite.Sign(container, life: TimeSpan.FromHours(-1)),
            "wrong" => Azurite.Sign(container).Replace("sig=", "sig=AAAA", StringComparison.Ordinal),
            _ => Azurite.Sign(container, kind),
        };
        string address = LedgerAddress.Accept(Own(new BlobProxy(_azurite.Address)).AddressOf(_blob) + "?" + signature);
        ChuiziException failure = await ShouldFailAsync(VideoLedger.At(address).AppendAsync(Records.Intent("e", "k")));
        failure.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        failure.ToString().ShouldNotContain("sig=");
        failure.Message.ShouldContain("-LedgerCredential");
        failure.Message.ShouldContain(expected == "x-ms" ? "cannot be created: 403 " : expected);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_a_ledger()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Intent("e1", "k1"));
        LedgerBlob blob = new(new Uri(_address), TimeSpan.FromMilliseconds(200));
        blob.Refresh(new LedgerBook());
        _proxy.Fault = _ => RawReply.Of(200, "<html>Sign in</html>"u8.ToArray());
        Should.Throw<ChuiziException>(() => blob.Refresh(new LedgerBook())).Message.ShouldContain("A proxy may have responded");

        // It answers what is written, and only that.
        _proxy.Fault = request => BlobProxy.IsAppend(request) ? RawReply.Of(412, [], "x-ms-request-id: 1") : null;
        Should.Throw<ChuiziException>(() => blob.Write(
                new LedgerBook(), lines => LedgerSerializer.Write(lines, Records.Intent("e2", "k2")), () => { }))
            .Message.ShouldContain("but nobody else has written");
        _proxy.Fault = _ => null;
        (await EntriesAsync()).ShouldBe(["e1"]);
        (await ledger.ReadAsync(book => book.Entries.Count)).ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_container_and_a_server_that_does_not_respond_are_named()
    {
        string missing = _address.Replace("/run.jsonl", "nope/run.jsonl", StringComparison.Ordinal);
        BlobCredential.UseSignature(new Uri(missing), Azurite.Sign(missing[..missing.LastIndexOf('/')]));
        (await ShouldFailAsync(VideoLedger.At(missing).AppendAsync(Records.Intent("e", "k"))))
            .Message.ShouldContain("ContainerNotFound");
    }

    [Fact]
    public async Task A_credential_that_may_only_read_does_not_take_the_place_of_one_that_may_write()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Intent("e1", "k1"));
        BlobCredential.UseSignature(new Uri(_address), Azurite.Sign(_blob[.._blob.LastIndexOf('/')], "r"));
        await ledger.AppendAsync(Records.Submitted("e1", "v1", "k1"));
        (await LinesAsync()).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Near_the_most_blocks_nothing_new_is_claimed_but_results_are_recorded()
    {
        _proxy.Header = header => header.StartsWith("x-ms-blob-committed-block-count", StringComparison.OrdinalIgnoreCase)
            ? "x-ms-blob-committed-block-count: 45000"
            : header;
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Submitted("e", "v", "k"));
        // Written together: only the intent is refused.
        _proxy.Latency = TimeSpan.FromMilliseconds(100);
        Task first = ledger.AppendAsync(Records.Submitted("e3", "v3", "k3"));
        Task intent = ledger.AppendAsync(Records.Intent("e2", "k2"));
        Task result = ledger.AppendAsync(Records.Submitted("e4", "v4", "k4"));
        ChuiziException refusal = await ShouldFailAsync(intent);
        await Task.WhenAll(first, result);
        refusal.Message.ShouldContain("has 45,000 blocks; an append blob can have 50,000 blocks. Nothing new is submitted.");
        await ledger.AppendAsync(Records.Settled("v", VideoStatus.Succeeded));
        (await LinesAsync()).Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_run_that_was_paused_claims_its_row_anew_before_it_sends()
    {
        ManualClock clock = new();
        BlobRunWatch.Of(_address, clock);
        VideoLedger ledger = VideoLedger.At(_address);
        using SubmissionClaims claims = LogOf(ledger);
        PlannedRow row = Row("1-k#0");
        LedgerRecord intent = (await claims.ClaimAsync(row))!;
        (await claims.IsInEffectAsync(row, intent)).ShouldBeTrue();
        int appends = _proxy.Appends.Count;
        clock.Advance(TimeSpan.FromSeconds(21));
        await Eventually.IsAsync(() => _proxy.Appends.Count > appends, "a line shows that the run is alive");
        (await claims.IsInEffectAsync(row, intent)).ShouldBeTrue();

        // Another run has taken this one for dead, and has submitted the row again.
        _proxy.Fault = request => BlobProxy.IsAppend(request) ? RawReply.Of(503, []) : null;
        clock.Advance(TimeSpan.FromSeconds(60));
        LedgerRecord again = Records.Intent("other-1", "1-k#0", again: intent.Entry, origin: Origin);
        await Another().AppendAsync(again);
        _proxy.Fault = _ => null;
        (await claims.IsInEffectAsync(row, intent)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_run_shows_that_it_is_alive_and_that_it_has_ended()
    {
        ManualClock clock = new();
        BlobRunWatch.Of(_address, clock);
        SubmissionClaims claims = LogOf(VideoLedger.At(_address));
        await claims.ClaimAsync(Row("1-k#0"));
        // The clock stands still between the steps, but a line is written in real time.
        TimeSpan passed = TimeSpan.Zero;
        await Eventually.IsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                passed += TimeSpan.FromSeconds(2);
                return LinesAsync().GetAwaiter().GetResult().Length >= 4;
            },
            "three lines that show that the run is alive");
        claims.Dispose();

        string[] steps = [];
        await Eventually.IsAsync(
            () =>
            {
                string[] lines = LinesAsync().GetAwaiter().GetResult();
                steps = [.. lines.Select(line => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line))!.Step)];
                return steps[^1] == "ended";
            },
            "a line that shows that it has ended");
        steps[0].ShouldBe("intent");
        steps[1..^1].ShouldAllBe(step => step == "alive");
        steps[1..^1].Length.ShouldBeInRange(3, (int)(passed / TimeSpan.FromSeconds(14)));
        LedgerListing.Read(_address, out IReadOnlyList<string> damage).Single().Video.Status.ShouldBe(VideoStatus.Unknown);
        damage.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_has_created_the_blob_stays_alive_when_it_is_read_again()
    {
        ManualClock clock = new();
        BlobRunWatch watch = BlobRunWatch.Of(_address, clock);
        VideoLedger ledger = VideoLedger.At(_address);
        using SubmissionClaims claims = LogOf(ledger);
        await claims.ClaimAsync(Row("1-k#0"));
        await ledger.ReadAsync(book => book.Records);
        watch.SinceWrite(claims.Run.Name).ShouldNotBeNull();
        await ledger.ReadAsync(book => book.Records);
        watch.SinceWrite(claims.Run.Name).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lease_of_another_program_is_an_error()
    {
        VideoLedger ledger = VideoLedger.At(_address);
        await ledger.AppendAsync(Records.Intent("e1", "k1"));
        _proxy.Fault = request => BlobProxy.IsAppend(request) ? RawReply.Of(412, [], "x-ms-error-code: LeaseIdMissing", "x-ms-request-id: 1") : null;
        (await ShouldFailAsync(ledger.AppendAsync(Records.Intent("e2", "k2")))).Message.ShouldContain("412 LeaseIdMissing");
    }

    [Fact]
    public async Task The_request_limit_is_shared_with_the_machines_that_are_alive_in_the_ledger()
    {
        ManualClock clock = new();
        BlobRunWatch.Of(_address, clock);
        int machines = 0;
        using SemaphoreSlim beat = new(0);
        SubmissionTerms terms = new() { Origin = Origin, Deduplicates = true };
        CostEstimator prices = new(Origin, null, null);
        using SubmissionClaims claims = new(VideoLedger.At(_address), terms, prices, machinesCounted: count =>
        {
            machines = count;
            beat.Release();
        });
        await claims.ClaimAsync(Row("1-k#0"));
        VideoLedger others = Another();
        (string a, string b, string here) = ("aaaaaa00000001", "bbbbbb00000001", LedgerRun.OfThisMachine + "01");
        await others.AppendAsync(
            Records.Intent("a-1", "1-a#0", run: a),
            Records.Intent("a-2", "1-b#0", run: "aaaaaa00000002"),
            Records.Intent("b-1", "1-c#0", run: b),
            Records.Intent("c-1", "1-d#0", run: here));
        await UntilAsync(3, "two other machines", active: a);
        await others.AppendAsync(new LedgerRecord { Step = LedgerStep.Ended, Run = b });
        await UntilAsync(2, "one of them has ended", active: a);
        await UntilAsync(1, "the other is silent", active: here);

        async Task UntilAsync(int expected, string what, string active)
        {
            for (int step = 0; machines != expected; step++)
            {
                step.ShouldBeLessThan(100, what);
                await others.AppendAsync(new LedgerRecord { Step = LedgerStep.Alive, Run = active });
                clock.Advance(TimeSpan.FromSeconds(2));
                // The clock stands still while the claims reads the ledger. No reading starts while the one before is just ending.
                await beat.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task The_managed_identity_of_the_machine_gives_access_and_its_token_is_renewed()
    {
        ConcurrentQueue<string> tokens = new(["first", "second"]);
        RawServer identity = Serve(request => request.Headers.GetValueOrDefault("X-IDENTITY-HEADER") == "secret"
            && request.Target.Contains("resource=https%3A%2F%2Fstorage.azure.com%2F", StringComparison.Ordinal) && tokens.TryDequeue(out string? token)
            ? RawReply.Json($"{{\"access_token\":\"{token}\",\"expires_on\":\"{DateTimeOffset.UtcNow.AddMinutes(token == "first" ? 1 : 60).ToUnixTimeSeconds()}\"}}")
            : RawReply.Json("{}", 400));
        RawServer storage = Serve(request => request.Headers.GetValueOrDefault("Authorization") switch
        {
            "Bearer first" or "Bearer second" => RawReply.Of(404, [], "x-ms-error-code: BlobNotFound", "x-ms-request-id: 1"),
            _ => RawReply.Of(401, [], "x-ms-request-id: 1"),
        });
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", identity.Address + "oauth2/token");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "secret");
        try
        {
            VideoLedger ledger = VideoLedger.At($"{storage.Address}account/container/run.jsonl");
            ledger.Exists.ShouldBeFalse();
            storage.Requests.Single().Headers["Authorization"].ShouldBe("Bearer first");
            await Eventually.IsAsync(() => !ledger.Exists && storage.Requests[^1].Headers["Authorization"] == "Bearer second", "renewed");
            VideoLedger other = VideoLedger.At($"{storage.Address}account/container/other.jsonl");
            (await ShouldFailAsync(Task.Run(() => other.Exists))).Message.ShouldContain("The managed identity returned no token");
        }
        finally
        {
            Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
            Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        }
    }

    private static string Origin => "https://api.chuizi.ai";

    private static async Task<ChuiziException> ShouldFailAsync(Task work) => await Should.ThrowAsync<ChuiziException>(work);

    private static SubmissionClaims LogOf(VideoLedger ledger, string? origin = null)
    {
        SubmissionTerms terms = new() { Origin = origin ?? Origin, Deduplicates = true };
        return Submissions.Claims(ledger, terms);
    }

    private static PlannedRow Row(string key) => Submissions.Row(1, Request(), key);

    private VideoLedger Another() => VideoLedger.At(Through(Own(new BlobProxy(_azurite.Address))));

    private string Through(BlobProxy proxy) => LedgerAddress.Accept(proxy.AddressOf(_blob) + "?" + _signature);

    private async Task<byte[]> BytesAsync() =>
        await _azurite.Http.GetByteArrayAsync(new Uri($"{_blob}?{_signature}"), TestContext.Current.CancellationToken);

    private async Task<string[]> LinesAsync() =>
        Encoding.UTF8.GetString(await BytesAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<string[]> EntriesAsync() =>
        [.. (await LinesAsync()).Select(line => LedgerSerializer.Read(Encoding.UTF8.GetBytes(line))!.Entry ?? "")];

    private async Task SendAsync(HttpMethod method, byte[]? content, string? type = null, string operation = "")
    {
        using HttpRequestMessage request = new(method, $"{_blob}?{_signature}{operation}");
        if (type is not null)
        {
            request.Headers.Add("x-ms-blob-type", type);
        }

        request.Content = content is null ? null : new ByteArrayContent(content);
        using HttpResponseMessage response = await _azurite.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
