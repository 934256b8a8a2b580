using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

/// <summary>Rows that a run elsewhere has claimed are followed in the ledger.</summary>
public sealed class ClaimTests : WaitTest
{
    private readonly TempFolder _home;
    private readonly VideoLedger _ledger;
    private readonly LedgerRun _other = new();
    private readonly LedgerRun _own = new();
    private readonly SandboxServer _server;
    private readonly ChuiziClient _client;
    private int _rows;

    public ClaimTests()
    {
        _home = Folder();
        _ledger = VideoLedger.At(_home.Of("run.jsonl"));
        _server = StartAt(TimeSpan.FromSeconds(30));
        _client = ConnectAt(_server);
        _ledger.Hold(_other);
    }

    [Fact]
    public async Task A_row_is_done_when_the_other_run_has_seen_its_end_and_the_api_is_not_asked()
    {
        Row row = await SubmittedAsync();
        VideoWaiter waiter = Start(row);
        await _ledger.AppendAsync(Settled(row, VideoStatus.Succeeded));

        WaitOutcome outcome = await NextAsync(waiter);

        outcome.Failure.ShouldBeNull();
        Video video = Applied(outcome);
        (video.Id, video.Status, video.Cost, video.Elsewhere).ShouldBe((row.Id, VideoStatus.Succeeded, 0.4m, true));
        await EndAsync(waiter);
        _server.Requests.ShouldAllBe(request => request.Route == SandboxRoute.Submit);
        waiter.Progress.Done.ShouldBe(1);
    }

    [Fact]
    public async Task Where_files_are_saved_a_row_is_done_when_its_file_is()
    {
        Row row = await SubmittedAsync();
        Row last = await SubmittedAsync();
        VideoWaiter waiter = Start(saves: true, row, last);
        await _ledger.AppendAsync(Settled(row, VideoStatus.Succeeded));
        await _ledger.AppendAsync(Settled(last, VideoStatus.Failed));
        (await NextAsync(waiter)).Video.ShouldBe(last.Video);

        await _ledger.AppendAsync(Records.Saved(row.Id!, "/videos/1.mp4", _client.Connection.Origin));
        Applied(await NextAsync(waiter)).Path.ShouldBe("/videos/1.mp4");
        await EndAsync(waiter);
    }

    [Fact]
    public async Task One_run_continues_with_the_rows_of_a_run_that_has_ended_and_the_others_follow_it()
    {
        Row[] rows = [await SubmittedAsync(), await SubmittedAsync()];
        LedgerRun third = new();
        VideoWaiter waiter = Start(rows);
        _other.Dispose();
        (await NextAsync(waiter)).State!.Status.ShouldBe(VideoStatus.Succeeded);

        Video copy = new() { Elsewhere = true };
        VideoWaiter follower = new(_client, new WaitOptions());
        follower.Follow(copy, Claim(rows[0], third, saves: true)).ShouldBeTrue();
        _ = follower.RunAsync(CancellationToken.None);
        Applied(await NextAsync(waiter)).Elsewhere.ShouldBeFalse();
        await EndAsync(waiter);
        _server.Requests.Where(request => request.Route == SandboxRoute.Poll).Select(request => request.VideoId).Distinct()
            .ShouldBe(rows.Select(row => row.Id), ignoreOrder: true);
        string[] takers = await TakersAsync();
        takers.ShouldBe([_own.Name, _own.Name]);

        await _ledger.AppendAsync(Settled(rows[0], VideoStatus.Succeeded));
        _own.Dispose();
        WaitOutcome taken = await NextAsync(follower);
        Applied(taken).Elsewhere.ShouldBeFalse("it is not saved, so that this run continues with it");
        (await TakersAsync()).ShouldBe([_own.Name, _own.Name, third.Name]);
        await EndAsync(follower);
        third.Dispose();
    }

    [Fact]
    public async Task An_intent_of_a_run_that_has_ended_is_unknown()
    {
        Row row = await ClaimedAsync();
        VideoWaiter waiter = Start(row);
        _other.Dispose();

        WaitOutcome outcome = await NextAsync(waiter);

        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        Applied(outcome).Status.ShouldBe(VideoStatus.Unknown);
        await EndAsync(waiter);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_row_that_the_other_run_did_not_submit_is_skipped()
    {
        Row row = await ClaimedAsync();
        await _ledger.AppendAsync(Records.Ended(row.Entry, VideoStatus.Skipped, key: row.Key, origin: _client.Connection.Origin));
        Row last = await SubmittedAsync();
        VideoWaiter waiter = Start(row, last);
        await _ledger.AppendAsync(Settled(last, VideoStatus.Succeeded));
        (await NextAsync(waiter)).Video.ShouldBe(last.Video, "the other run may submit the row again");
        _other.Dispose();

        WaitOutcome outcome = await NextAsync(waiter);

        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.SubmissionElsewhere);
        Applied(outcome).Status.ShouldBe(VideoStatus.Skipped);
        await EndAsync(waiter);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task The_timeout_holds_for_rows_elsewhere()
    {
        Row row = await ClaimedAsync();
        DateTimeOffset start = Clock.GetUtcNow();
        VideoWaiter waiter = Start(row);

        WaitOutcome outcome = await NextAsync(waiter);

        outcome.Failure!.Kind.ShouldBe(ChuiziErrorKind.WaitTimeout);
        outcome.Failure.Message.ShouldMatch(@"^The video of row 1, which another run has claimed, was not finished after [\d.]+ s\.$");
        (Clock.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(new WaitOptions().Timeout);
        Applied(outcome).Elsewhere.ShouldBeTrue("the other run is still at work");
        await EndAsync(waiter);
    }

    [Theory]
    [InlineData(ChuiziErrorKind.WaitTimeout, VideoStatus.Processing)]
    [InlineData(ChuiziErrorKind.VideoNotFound, VideoStatus.Processing)]
    [InlineData(ChuiziErrorKind.SubmissionOutcomeUnknown, VideoStatus.Unknown)]
    [InlineData(ChuiziErrorKind.InvalidApiKey, VideoStatus.Processing)]
    public async Task A_job_that_this_run_has_continued_with_keeps_its_id_if_waiting_fails(ChuiziErrorKind kind, string status)
    {
        Row row = await SubmittedAsync(kind == ChuiziErrorKind.SubmissionOutcomeUnknown ? "task_id" : null);
        if (kind != ChuiziErrorKind.WaitTimeout)
        {
            int error = kind == ChuiziErrorKind.InvalidApiKey ? 401 : 404;
            _server.Faults.Add(new SandboxFault
            {
                Kind = FaultKind.Status, Route = SandboxRoute.Poll, Status = error, Times = int.MaxValue,
            });
        }

        VideoWaiter waiter = new(_client, new WaitOptions { Timeout = TimeSpan.FromSeconds(10) });
        _other.Dispose();
        Run(waiter, saves: false, row);

        WaitOutcome outcome = await NextAsync(waiter);

        outcome.Failure!.Kind.ShouldBe(kind);
        outcome.Failure.Message.Contains(row.Id!, StringComparison.Ordinal).ShouldBe(kind != ChuiziErrorKind.InvalidApiKey);
        Video video = Applied(outcome);
        (video.Id, video.Status, video.Elsewhere).ShouldBe((row.Id, status, false));
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_read_for_a_while_is_read_again()
    {
        Row row = await SubmittedAsync();
        int failures = 0;
        VideoWaiter waiter = new(_client, new WaitOptions()) { PollFailed = (_, _) => failures++ };
        byte[] lines = File.ReadAllBytes(_ledger.Path!);
        File.WriteAllText(_ledger.Path!, "not a ledger\n");
        Run(waiter, saves: false, row);
        while (failures == 0)
        {
            await StepAsync(waiter);
        }

        File.WriteAllBytes(_ledger.Path!, lines);
        await _ledger.AppendAsync(Settled(row, VideoStatus.Succeeded));
        (await NextAsync(waiter)).Failure.ShouldBeNull();
        await EndAsync(waiter);
    }

    private LedgerRecord Settled(Row row, string status)
    {
        LedgerRecord record = Records.Settled(row.Id!, status, 0.4m, _client.Connection.Origin);
        record.Entry = row.Entry;
        return record;
    }

    private async Task<Row> ClaimedAsync()
    {
        Row row = new($"{_other.Name}-{++_rows}", $"1-test#{_rows}", new Video { Elsewhere = true, Row = _rows });
        LedgerRecord intent = Records.Intent(row.Entry, row.Key, origin: _client.Connection.Origin);
        intent.Run = _other.Name;
        await _ledger.AppendAsync(intent);
        return row;
    }

    private async Task<Row> SubmittedAsync(string? idSource = null)
    {
        Row row = await ClaimedAsync();
        row.Id = (await SubmitAsync(_client, 1, $"Prompt {_rows}"))[0].Id;
        LedgerRecord record = Records.Submitted(row.Entry, row.Id!, row.Key, _client.Connection.Origin);
        record.IdSource = idSource;
        await _ledger.AppendAsync(record);
        return row;
    }

    private ClaimedRow Claim(Row row, LedgerRun run, bool saves) => new(_ledger, _client.Connection.Origin, row.Key, run, saves);

    private VideoWaiter Start(params Row[] rows) => Start(saves: false, rows);

    private VideoWaiter Start(bool saves, params Row[] rows)
    {
        VideoWaiter waiter = new(_client, new WaitOptions());
        Run(waiter, saves, rows);
        return waiter;
    }

    private void Run(VideoWaiter waiter, bool saves, params Row[] rows)
    {
        foreach (Row row in rows)
        {
            waiter.Follow(row.Video, Claim(row, _own, saves)).ShouldBeTrue();
        }

        _ = waiter.RunAsync(CancellationToken.None);
    }

    /// <summary>Moves the clock until a video is no longer waited for.</summary>
    private async Task<WaitOutcome> NextAsync(VideoWaiter waiter)
    {
        WaitOutcome? outcome;
        while (!waiter.Outcomes.TryRead(out outcome))
        {
            await StepAsync(waiter);
        }

        return outcome;
    }

    /// <summary>Moves the clock to the next timer, unless a request or a look into the ledger is under way.</summary>
    private async Task StepAsync(VideoWaiter waiter)
    {
        await Task.Yield();
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        if (waiter is { IsChecking: false, Progress.Polling: 0 } && Clock.NextDue is { } due)
        {
            TimeSpan wait = due - Clock.GetUtcNow();
            Clock.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task EndAsync(VideoWaiter waiter)
    {
        waiter.Complete();
        while (!waiter.Outcomes.Completion.IsCompleted)
        {
            waiter.Outcomes.TryRead(out _).ShouldBeFalse("each video has one outcome");
            await StepAsync(waiter);
        }

        await waiter.Outcomes.Completion;
    }

    private static Video Applied(WaitOutcome outcome)
    {
        ClaimFollower.Apply(outcome);
        outcome.State?.ApplyTo(outcome.Video);
        return outcome.Video;
    }

    private async Task<string[]> TakersAsync()
    {
        List<string> takers = [];
        await _ledger.AppendAsync();
        LedgerStore.At(_ledger.Path!).Read((_, text) =>
        {
            if (LedgerSerializer.Read(text) is { Step: LedgerStep.Taken } record)
            {
                takers.Add(record.Run!);
            }
        });
        return [.. takers];
    }

    private sealed record Row(string Entry, string Key, Video Video)
    {
        public string? Id { get; set; }
    }
}
