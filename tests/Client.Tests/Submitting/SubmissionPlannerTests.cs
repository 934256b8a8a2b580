using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

/// <summary>What is read before a list is planned: the API's prices, and the ledger once its runs have ended.</summary>
public sealed class SubmissionPlannerTests : LedgerTest
{
    private readonly RowChecker _checker = new();
    private readonly List<string> _missing = [];
    private readonly List<string> _watching = [];
    private readonly ManualClock _clock = new();

    [Theory]
    [InlineData(false, false, false, false, false)]
    [InlineData(true, false, false, true, false)]
    [InlineData(false, true, false, true, true)]
    [InlineData(false, false, true, true, true)]
    [InlineData(true, true, true, true, true)]
    public async Task Only_what_the_plan_depends_on_is_read(bool deduplicates, bool shows, bool limits, bool readsLedger, bool readsPrices)
    {
        await File.WriteAllTextAsync(LedgerPath, "damaged\n" + Records.Text(Records.Intent("e", "other#1")));
        SandboxServer server = Start();
        SubmissionPlanner planner = Planner(Connect(server), shows: shows);
        SubmissionTerms terms = Terms(server.BaseAddress) with { Deduplicates = deduplicates, MaxCost = limits ? 5 : null };
        SubmissionPlan plan = await planner.PlanAsync([Row(1)], terms, CancellationToken.None);
        (plan.Damage.Count == 1, plan.Rows[0].Key is not null).ShouldBe((readsLedger, deduplicates));
        (server.Requests.Count == 1, plan.Rows[0].Estimate?.Source == CostEstimate.Listed).ShouldBe((readsPrices, readsPrices));
        _missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_connection_prices_come_from_the_ledger()
    {
        // A submission whose cost is not known counts as much as the most expensive row.
        LedgerRecord unpriced = Records.Intent("b", "other#2");
        unpriced.Duration = 4;
        Write(
            Records.Intent("a", "other#1"), Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.7m), unpriced);
        SubmissionPlan plan = await Planner(null, shows: true)
            .PlanAsync([Row(1), Row(2, 0.2m, 8), Row(3, 0.4m, 8)], Terms(), CancellationToken.None);
        plan.Rows[0].Estimate.ShouldBe(new CostEstimate(0.7m, Source: CostEstimate.Seen));
        plan.Spent.ShouldBe(1.1m);
        _missing.ShouldBe(["Prices are not available without a connection. To see them, run Connect-ChuiziVideo first."]);
    }

    [Theory]
    [InlineData(500, false, false)]
    [InlineData(500, true, false)]
    [InlineData(401, false, true)]
    [InlineData(401, true, false)]
    public async Task Prices_may_be_missing_unless_nothing_could_be_submitted(int status, bool isTrial, bool fails)
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Times = int.MaxValue });
        Task<SubmissionPlan> plan = Planner(Connect(server, retries: 0), shows: true, isTrial)
            .PlanAsync([Row(1)], Terms(server.BaseAddress), CancellationToken.None);
        if (fails)
        {
            await ShouldFailAsync(plan, ChuiziErrorKind.InvalidApiKey);
            _missing.ShouldBeEmpty();
            return;
        }

        (await plan).Rows.Count.ShouldBe(1);
        _missing.Single().ShouldStartWith("Prices could not be retrieved from the API: ");
        _missing.Single().Length.ShouldBeGreaterThan(60, "the reason follows");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_run_that_was_stopped_in_this_process_is_waited_for()
    {
        using LedgerRun stopped = new() { IsStopped = true };
        Write(Records.Intent("answered"), Records.Submitted("answered", "vid-1"), Records.Intent("e", run: stopped.Name));
        Task<SubmissionPlan> plan = Planner(null).PlanAsync([Row(1)], Terms(), CancellationToken.None);
        using CancellationTokenSource cancellation = new();
        Task<SubmissionPlan> canceled = Planner(null).PlanAsync([Row(1)], Terms(), cancellation.Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(canceled);
        (await Task.WhenAny(plan, Task.Delay(500, TestContext.Current.CancellationToken))).ShouldNotBe(plan);
        stopped.EndRequests();
        (await plan.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken)).Rows.Count.ShouldBe(1);

        using LedgerRun other = new() { IsStopped = true };
        Write(Records.Intent("f", run: other.Name), Records.Submitted("f", "vid-2"));
        plan = Planner(null).PlanAsync([Row(1)], Terms(), CancellationToken.None);
        (await plan.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken)).Rows.Count.ShouldBe(1, "all its responses are recorded");
    }

    [Fact]
    public async Task A_ledger_of_another_version_is_refused_if_it_identifies_rows()
    {
        const string OtherKey = "1-0123456789abcdef0123456789abcdef#1";
        Write(Records.Intent("a", "own#1"), Records.Intent("b", OtherKey));
        ChuiziException refused = await ShouldFailAsync(
            Planner(null).PlanAsync([Row(1)], Terms(), CancellationToken.None), ChuiziErrorKind.LedgerVersion);
        refused.Message.ShouldBe(
            $"The ledger '{LedgerPath}' was written by another version of this module, which identifies rows in another way. "
                + "Nothing was submitted.");
        SubmissionTerms counting = Terms() with { Deduplicates = false };
        (await Planner(null, shows: true).PlanAsync([Row(1)], counting, CancellationToken.None)).Rows[0].Action.ShouldBe(RowAction.Send);
        Write(Records.Intent("a", "own#1"));
        (await Planner(null).PlanAsync([Row(1)], Terms(), CancellationToken.None)).Rows[0].Action.ShouldBe(RowAction.Send);
    }

    // Hashing may take a while, and other runs must be able to record ids meanwhile.
    [Fact]
    public async Task Images_are_hashed_before_the_ledger_is_read_and_only_if_it_identifies_rows()
    {
        Write(Records.Intent("b", "1-0123456789abcdef0123456789abcdef#1"));
        CheckedRow[] rows = [Picture("a.png"), Picture("b.png")];
        await ShouldFailAsync(Planner(null).PlanAsync(rows[..1], Terms(), CancellationToken.None), ChuiziErrorKind.LedgerVersion);
        await Planner(null, shows: true).PlanAsync(rows[1..], Terms() with { Deduplicates = false }, CancellationToken.None);
        File.Delete(Home.Of("a.png"));
        File.Delete(Home.Of("b.png"));
        rows[0].Request!.Image!.Content.ShouldNotBeEmpty();
        Should.Throw<IOException>(() => rows[1].Request!.Image!.Content);

        CheckedRow Picture(string name) => _checker.Check(new RowInput
        {
            Prompt = "p", Model = "bailian/wan2.6-i2v", Image = Home.Write(name, Images.Png(640, 480)),
        });
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData(1, "a row")]
    [InlineData(1200, "1,200 rows")]
    public async Task Rows_of_a_run_that_may_be_alive_elsewhere_are_submitted_again_only_after_three_minutes(int count, string rows)
    {
        string address = ServeBlob(
            [.. Enumerable.Range(0, count).Select(number => Records.Intent($"e{number}", $"key-{number}#1"))],
            [Records.Intent("answered", "other#1"), Records.Submitted("answered", "vid-1", "other#1")]);
        VideoLedger ledger = VideoLedger.At(address);
        SubmissionTerms terms = Terms() with { Resubmit = true };
        // Without -Resubmit, and for a preview, there is nothing to wait for.
        await Planner(Here(), ledger: ledger).PlanAsync([Row(1)], Terms(), CancellationToken.None);
        await Planner(Here(), isTrial: true, ledger: ledger).PlanAsync([Row(1)], terms, CancellationToken.None);
        _watching.ShouldBeEmpty();

        Task<SubmissionPlan> plan = Planner(Here(), ledger: ledger).PlanAsync([Row(1)], terms, CancellationToken.None);
        for (int seconds = 0; seconds < 180; seconds += 3)
        {
            await _clock.WaitForTimersAsync();
            plan.IsCompleted.ShouldBeFalse();
            ledger.MaySend(Records.DeadRun).ShouldBeTrue();
            _clock.Advance(TimeSpan.FromSeconds(3));
        }

        await plan.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        ledger.MaySend(Records.DeadRun).ShouldBeFalse();
        _watching.ShouldBe([
            $"Waiting up to 3 minutes to see whether the run that submitted {rows} without a recorded response has ended. Only then can "
                + "they be submitted again.",
        ]);
        await Planner(Here(), ledger: ledger).PlanAsync([Row(1)], terms, CancellationToken.None);
        _watching.Count.ShouldBe(1);
    }

    private static SubmissionTerms Terms(Uri? address = null) => new()
    {
        Origin = address?.GetLeftPart(UriPartial.Authority) ?? Records.Api, Deduplicates = true,
    };

    /// <summary>A client that sends nothing, on the clock of the test.</summary>
    private ChuiziClient Here() => Connect(new Uri("http://127.0.0.1:9"), clock: _clock);

    /// <summary>Serves an append blob that nobody writes to.</summary>
    private string ServeBlob(params LedgerRecord[][] records)
    {
        byte[] content = [.. records.SelectMany(Records.Bytes)];
        string[] headers = ["x-ms-request-id: 1", "x-ms-blob-type: AppendBlob", "x-ms-creation-time: today"];
        RawServer server = Serve(request =>
        {
            if (request.Method == "HEAD")
            {
                return RawReply.Of(200, [], content.Length, close: false, headers);
            }

            string[] range = request.Headers["x-ms-range"]["bytes=".Length..].Split('-');
            int from = int.Parse(range[0], CultureInfo.InvariantCulture);
            return RawReply.Of(206, content[from..], [.. headers, $"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"]);
        });
        string address = LedgerAddress.Accept($"{server.Address.OriginalString.TrimEnd('/')}/account/runs/{Guid.NewGuid():N}.jsonl?sig=none");
        BlobRunWatch.Of(address, _clock);
        return address;
    }

    private SubmissionPlanner Planner(ChuiziClient? client, bool shows = false, bool isTrial = false, VideoLedger? ledger = null) =>
        new(client, ledger ?? Ledger)
        {
            ShowsCosts = shows, IsTrial = isTrial, PricesMissing = _missing.Add, Watching = _watching.Add,
        };

    private CheckedRow Row(int number, decimal? estimate = null, int duration = 6) => _checker.Check(new RowInput
    {
        Row = number, Prompt = $"Prompt {number}", Model = Records.Model, Duration = duration, EstimatedCost = estimate,
    });
}
