using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class BlobRunWatchTests
{
    private const string Run = "00000000deadbeef";

    private readonly ManualClock _clock = new();
    private readonly BlobRunWatch _watch;
    private int _lines;

    public BlobRunWatchTests() => _watch = new BlobRunWatch(_clock);

    [Fact]
    public void A_run_without_a_new_line_is_dead_after_a_minute_of_watching()
    {
        Read("intent");
        Read();
        _watch.IsAlive(Run).ShouldBeTrue();
        Pass(59);
        Read();
        _watch.IsAlive(Run).ShouldBeTrue();
        Pass(1);
        _watch.IsAlive(Run).ShouldBeTrue("nothing was read since");
        Read();
        _watch.IsAlive(Run).ShouldBeFalse();
        Read("alive");
        _watch.IsAlive(Run).ShouldBeTrue("it was only slow");
    }

    [Fact]
    public void Old_lines_that_are_read_again_are_no_sign_of_life()
    {
        Read("intent");
        Pass(61);
        _watch.Saw(1, Line("intent"));
        _watch.HasRead(_watch.Now);
        _watch.IsAlive(Run).ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_says_that_it_has_ended_is_dead_at_once()
    {
        Read("intent", "ended");
        (_watch.IsAlive(Run), _watch.MaySend(Run), _watch.IsUncertain(Run)).ShouldBe((false, false, false));
    }

    [Fact]
    public void A_request_of_a_dead_run_may_be_in_progress_for_two_more_minutes()
    {
        Read("intent");
        Pass(179);
        Read();
        (_watch.IsAlive(Run), _watch.MaySend(Run), _watch.IsUncertain(Run)).ShouldBe((false, true, true));
        Pass(1);
        Read();
        (_watch.MaySend(Run), _watch.IsUncertain(Run)).ShouldBe((false, false));
    }

    [Fact]
    public void A_run_that_adds_a_line_while_it_is_watched_is_alive_for_certain()
    {
        Read("intent");
        Pass(1);
        Read();
        _watch.IsUncertain(Run).ShouldBeTrue();
        Pass(1);
        Read("alive");
        (_watch.IsAlive(Run), _watch.IsUncertain(Run), _watch.CountMachines()).ShouldBe((true, false, 2));
    }

    [Fact]
    public void What_this_process_has_written_counts_from_the_start_of_the_first_attempt()
    {
        _watch.SinceWrite(Run).ShouldBeNull();
        long started = _watch.Now;
        Pass(5);
        _watch.Wrote([.. Line("intent"), .. "\n"u8], started);
        Pass(1);
        _watch.SinceWrite(Run).ShouldBe(TimeSpan.FromSeconds(6));
    }

    [Fact]
    public void A_machine_that_slept_has_written_nothing_meanwhile()
    {
        FastClock clock = new(1);
        BlobRunWatch watch = new(clock);
        watch.Wrote([.. Line("intent"), .. "\n"u8], watch.Now);
        clock.Leap(TimeSpan.FromMinutes(10));
        watch.SinceWrite(Run).ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromMinutes(9));
        clock.Leap(TimeSpan.FromMinutes(-20));
        watch.SinceWrite(Run).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("{\"step\":\"settled\",\"id\":\"v\",\"at\":\"2026-01-02T00:00:00Z\"}")]
    [InlineData("{\"step\":\"intent\",\"run\":\"not a run\"}")]
    [InlineData("{\"step\":\"intent\",\"prompt\":\"x\\\",\\\"run\\\":\\\"00000000deadbeef\\\"\"}")]
    [InlineData("\",\"run\":\"")]
    [InlineData("{\"step\":\"intent\",\"run\":\"\"}")]
    [InlineData("")]
    public void A_line_without_a_run_shows_nothing(string line)
    {
        _watch.Saw(1, Encoding.UTF8.GetBytes(line));
        _watch.HasRead(_watch.Now);
        (_watch.CountMachines(), _watch.IsAlive("")).ShouldBe((1, false));
    }

    [Fact]
    public void Lines_that_were_read_together_may_all_be_of_a_dead_run()
    {
        Read("intent", "alive");
        _watch.IsUncertain(Run).ShouldBeTrue();
        Read("alive", "alive");
        _watch.IsUncertain(Run).ShouldBeFalse();
        (_watch.IsAlive("00000000000000aa"), _watch.IsUncertain("00000000000000aa")).ShouldBe((false, false));
    }

    [Fact]
    public void A_machine_counts_once_and_only_while_one_of_its_runs_is_alive()
    {
        const string Elsewhere = "bbbbbb00000001";
        foreach (string run in new[] { Run, Run + "02", Elsewhere, LedgerRun.OfThisMachine + "01", "abcdef", "abc" })
        {
            _watch.Saw(++_lines, Line("intent", run));
        }

        _watch.HasRead(_watch.Now);
        _watch.CountMachines().ShouldBe(3, "this one and two others; a name without a part of its own belongs to no machine");
        _watch.Saw(++_lines, Line("ended", Elsewhere));
        _watch.CountMachines().ShouldBe(2);
        Pass(60);
        Read();
        _watch.CountMachines().ShouldBe(1);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_name_of_a_run_has_at_most_64_characters(int length, bool isRun)
    {
        string run = new('a', length);
        _watch.Saw(1, Line("intent", run));
        _watch.HasRead(_watch.Now);
        _watch.IsAlive(run).ShouldBe(isRun);
    }

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("a", null, null, true)]
    [InlineData("a", "a", "a", true)]
    [InlineData(null, "a", null, true)]
    [InlineData("a", "b", null, false)]
    [InlineData("a", null, "b", false)]
    [InlineData(null, "a", "b", false)]
    public void A_ledger_that_was_created_at_another_time_is_another_ledger(string? first, string? second, string? third, bool isSame)
    {
        _watch.Wrote([.. Line("intent"), .. "\n"u8], _watch.Now);
        Read("intent");
        _watch.Expect(first);
        _watch.Expect(second);
        _watch.Expect(third);
        (_watch.IsAlive(Run), _watch.SinceWrite(Run) is not null).ShouldBe((isSame, isSame));
    }

    [Fact]
    public void A_ledger_that_was_replaced_once_is_not_replaced_again_by_each_look()
    {
        _watch.Expect("a");
        _watch.Expect("b");
        Read("intent");
        _watch.Expect("b");
        _watch.IsAlive(Run).ShouldBeTrue();
    }

    [Fact]
    public void The_time_since_the_last_read_counts_from_its_start_and_never_from_an_earlier_one()
    {
        Pass(3);
        _watch.SinceRead.ShouldBe(TimeSpan.FromSeconds(3));
        long earlier = _watch.Now;
        Pass(5);
        _watch.HasRead(_watch.Now);
        Pass(2);
        _watch.SinceRead.ShouldBe(TimeSpan.FromSeconds(2));
        _watch.HasRead(earlier);
        _watch.SinceRead.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    public void Each_run_of_the_lines_that_were_written_has_its_time(string end)
    {
        const string Other = "00000000000000aa";
        byte[] lines =
        [
            .. "\n"u8, .. Line("intent"), .. "\n{\"step\":\"settled\",\"id\":\"vid-1\"}\n"u8, .. Line("alive", Other),
            .. Encoding.UTF8.GetBytes(end),
        ];
        _watch.Wrote(lines, _watch.Now);
        Pass(4);
        (_watch.SinceWrite(Run), _watch.SinceWrite(Other)).ShouldBe((TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)));
        _watch.SinceWrite("00000000000000bb").ShouldBeNull();
    }

    [Theory]
    [InlineData(600, 606)]
    [InlineData(0, 6)]
    [InlineData(-600, 6)]
    public void The_time_since_a_write_is_the_longer_one_of_both_clocks(int leap, int expected)
    {
        TwoClocks clock = new();
        BlobRunWatch watch = new(clock);
        long started = watch.Now;
        clock.Pass(5, 5);
        watch.Wrote(Line("intent"), started);
        clock.Pass(1, 1 + leap);
        watch.SinceWrite(Run).ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public void There_is_one_watch_for_each_ledger()
    {
        string address = $"https://account.blob.core.windows.net/container/{Guid.NewGuid():N}.jsonl";
        BlobRunWatch watch = BlobRunWatch.Of(address, _clock);
        watch.Clock.ShouldBeSameAs(_clock);
        BlobRunWatch.Of(address).ShouldBeSameAs(watch);
        BlobRunWatch.Of(address + "x").Clock.ShouldBeSameAs(TimeProvider.System);
    }

    private static byte[] Line(string step, string run = Run) =>
        Encoding.UTF8.GetBytes($"{{\"step\":\"{step}\",\"run\":\"{run}\",\"v\":1}}");

    private void Read(params string[] steps)
    {
        long started = _watch.Now;
        foreach (string step in steps)
        {
            _watch.Saw(++_lines, Line(step));
        }

        _watch.HasRead(started);
    }

    private void Pass(int seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>A clock whose time of day and timestamps move apart.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => _time;

        public void Pass(int seconds, int byDay)
        {
            _ticks += seconds * TimeSpan.TicksPerSecond;
            _time = _time.AddSeconds(byDay);
        }
    }
}
