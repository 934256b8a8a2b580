using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class RunWatchTests
{
    private const string Run = "00000000deadbeef";

    private readonly ManualClock _clock = new();
    private readonly RunWatch _watch;
    private int _lines;

    public RunWatchTests() => _watch = new RunWatch(_clock);

    [Fact]
    public void A_run_without_a_new_line_is_dead_after_a_minute_of_watching()
    {
        Read("intent");
        Read();
        _watch.IsAlive(Run).ShouldBeTrue();
        Pass(59);
        Read();
        _watch.IsAlive(Run).ShouldBeTrue();
        Pass(2);
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
        Pass(2);
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
        RunWatch watch = new(clock);
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
    [InlineData("")]
    public void A_line_without_a_run_shows_nothing(string line)
    {
        _watch.Saw(1, Encoding.UTF8.GetBytes(line));
        _watch.CountMachines().ShouldBe(1);
    }

    private static byte[] Line(string step) => Encoding.UTF8.GetBytes($"{{\"step\":\"{step}\",\"run\":\"{Run}\",\"v\":1}}");

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
}
