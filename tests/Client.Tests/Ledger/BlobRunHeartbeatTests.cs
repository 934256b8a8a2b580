using System.Collections.Concurrent;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>
/// What a run adds to a shared ledger while nothing happens. Writes are handled in the order of their calls, so a line that a test adds
/// comes after all that the run has begun to add.
/// </summary>
public sealed class BlobRunHeartbeatTests : LedgerTest
{
    private const string OtherMachine = "aaaaaa00000001";

    private readonly ManualClock _clock = new();
    private readonly AppendBlobServer _blob;
    private readonly BlobRunWatch _watch;
    private readonly VideoLedger _shared;

    public BlobRunHeartbeatTests()
    {
        _blob = Own(new AppendBlobServer());
        _watch = BlobRunWatch.Of(_blob.Path, _clock);
        _shared = VideoLedger.At(_blob.Path);
    }

    private string[] Steps => [.. _blob.Stored.Select(line => line.Step)];

    [Theory]
    [InlineData(0, 14)]
    [InlineData(1, 16)]
    public async Task A_run_that_is_silent_for_14_seconds_adds_a_line(int written, int due)
    {
        using LedgerRun run = Hold();
        Pass(written);
        await WriteAsync(run);
        Pass(due - 2 - written);
        await MarkAsync();
        Pass(2);
        await MarkAsync();
        Steps.ShouldBe([LedgerStep.Intent, LedgerStep.Settled, LedgerStep.Alive, LedgerStep.Settled]);
        _blob.Stored[2].Run.ShouldBe(run.Name);
    }

    [Fact]
    public async Task A_run_that_has_stored_nothing_adds_nothing_and_does_not_record_its_end()
    {
        LedgerRun run = Hold();
        Pass(20);
        run.Dispose();
        await MarkAsync();
        Steps.ShouldBe([LedgerStep.Settled]);
    }

    [Fact]
    public async Task A_run_adds_one_line_at_a_time()
    {
        using ManualResetEventSlim gate = new();
        using LedgerRun run = Hold();
        await WriteAsync(run);
        _blob.BeforeAppend = () => gate.Wait();
        Pass(18);
        gate.Set();
        await MarkAsync();
        Steps.ShouldBe([LedgerStep.Intent, LedgerStep.Alive, LedgerStep.Settled]);
    }

    [Fact]
    public async Task A_run_adds_a_line_again_and_again()
    {
        using LedgerRun run = Hold();
        await WriteAsync(run);
        await Eventually.IsAsync(
            () =>
            {
                Pass(2);
                return Steps.Count(step => step == LedgerStep.Alive) >= 3;
            },
            "three lines");
        Steps[0].ShouldBe(LedgerStep.Intent);
        Steps[1..].ShouldAllBe(step => step == LedgerStep.Alive);
    }

    [Fact]
    public async Task A_run_adds_a_line_at_once_after_its_ledger_was_replaced()
    {
        using LedgerRun run = Hold();
        await WriteAsync(run);
        Pass(2);
        _watch.Clear();
        Pass(2);
        await MarkAsync();
        Steps.ShouldBe([LedgerStep.Intent, LedgerStep.Alive, LedgerStep.Settled]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task A_run_that_has_stored_a_line_records_its_end_and_then_adds_nothing(int seconds, bool isReplaced)
    {
        LedgerRun run = Hold();
        await WriteAsync(run);
        Pass(seconds);
        if (isReplaced)
        {
            _watch.Clear();
        }

        run.Dispose();
        await Eventually.IsAsync(() => Steps.Contains(LedgerStep.Ended), "the end of the run");
        Pass(60);
        await MarkAsync();
        Steps.ShouldBe([LedgerStep.Intent, LedgerStep.Ended, LedgerStep.Settled]);
        _blob.Stored[1].Run.ShouldBe(run.Name);
    }

    [Fact]
    public async Task A_run_ends_without_an_error_if_the_ledger_cannot_be_written()
    {
        LedgerRun run = Hold();
        await WriteAsync(run);
        _blob.Fault = _ => AppendBlobServer.Error(403, "AuthorizationFailure");
        run.Dispose();
        LedgerRun.IsRunningHere(run.Name).ShouldBeFalse();
        Steps.ShouldBe([LedgerStep.Intent]);
    }

    [Fact]
    public async Task A_run_counts_the_machines_as_of_the_last_read_at_most_15_seconds_ago()
    {
        ConcurrentQueue<int> counts = new();
        await MarkAsync();
        LedgerRun run = Hold(counts.Enqueue);
        Pass(1);
        await _shared.ReadAsync(book => book.Records);
        _blob.Add(Records.Intent("theirs", run: OtherMachine));
        int requests = _blob.Requests.Count;
        Pass(13);
        counts.ToArray().ShouldBe([1, 1, 1, 1, 1, 1, 1], "one for each 2 s");
        _blob.Requests.Count.ShouldBe(requests);
        Pass(2);
        await Eventually.IsAsync(() => counts.Count > 7, "another count");
        counts.Last().ShouldBe(2);

        run.Dispose();
        Pass(60);
        counts.Skip(8).ShouldBe([1], "without the run, the limit is not shared");
    }

    [Fact]
    public async Task A_run_that_has_ended_counts_no_machines_any_more()
    {
        ConcurrentQueue<int> counts = new();
        using ManualResetEventSlim gate = new();
        _blob.Add(Records.Intent("theirs", run: OtherMachine));
        await _shared.ReadAsync(book => book.Records);
        LedgerRun run = Hold(counts.Enqueue);
        await WriteAsync(run);
        Pass(2);
        counts.ToArray().ShouldBe([2]);
        _blob.BeforeAppend = () => gate.Wait();
        Pass(12);
        Task end = Task.Run(run.Dispose);
        await Eventually.IsAsync(() => counts.Last() == 1, "the last count");
        gate.Set();
        await end;
        await Eventually.IsAsync(() => Steps.Contains(LedgerStep.Ended), "the end of the run");
        counts.Last().ShouldBe(1);
    }

    private LedgerRun Hold(Action<int>? shared = null)
    {
        LedgerRun run = new() { MachinesCounted = shared };
        _shared.Hold(run);
        return run;
    }

    private Task WriteAsync(LedgerRun run) => _shared.AppendAsync(Records.Intent("e", run: run.Name));

    /// <summary>Adds a line that is about no run.</summary>
    private Task MarkAsync() => _shared.AppendAsync(Records.Settled("vid-1", VideoStatus.Succeeded));

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
