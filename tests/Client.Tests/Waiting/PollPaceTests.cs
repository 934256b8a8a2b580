using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class PollPaceTests
{
    private readonly PollTiming _timing = Make();

    [Fact]
    public void A_few_polls_run_at_once_and_then_one_per_second()
    {
        Polls(Seconds(0), Seconds(0), 100).ShouldBe(10);
        Polls(Seconds(0.9), Seconds(0), 100).ShouldBe(0);
        Polls(Seconds(1), Seconds(0), 100).ShouldBe(1);
        Polls(Seconds(6.5), Seconds(1), 100).ShouldBe(5);
        Polls(Seconds(600), Seconds(599), 100).ShouldBe(10, "unused polls accumulate only up to the burst size");
    }

    [Fact]
    public void Each_finished_job_allows_two_more_polls()
    {
        Polls(Seconds(0), Seconds(0), 100);
        _timing.CountEnd();
        _timing.CountEnd();
        Polls(Seconds(0), Seconds(0), 100).ShouldBe(4);
    }

    [Fact]
    public void Overdue_jobs_are_polled_without_using_up_the_pace_of_others()
    {
        Polls(Seconds(0), Seconds(0), 100);
        TimeSpan late = PollTiming.LongestHold;
        Polls(late, Seconds(0), 1000).ShouldBe(1000);
        Polls(late, late - Seconds(1), 1000).ShouldBe(10);
    }

    [Fact]
    public void NextAllowed_returns_the_earliest_time_of_a_poll() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 40]).Sample((at, waited) =>
        {
            PollTiming timing = Make();
            TimeSpan due = Seconds(Math.Max(0, at - waited));
            TimeSpan now = Seconds(at);
            for (int count = 0; count < 20 && waited < 30 && timing.AllowsPoll(now, now); count++)
            {
                timing.CountPoll(now, now);
            }

            if (!timing.AllowsPoll(now, due))
            {
                TimeSpan next = timing.NextAllowed(now, due);
                next.ShouldBeGreaterThan(now);
                next.ShouldBeLessThanOrEqualTo(now + Seconds(1));
                timing.AllowsPoll(now + ((next - now) / 2), due).ShouldBeFalse();
                timing.AllowsPoll(next + TimeSpan.FromTicks(10), due).ShouldBeTrue();
            }
        });

    [Fact]
    public void NextAllowed_counts_the_fraction_of_a_poll_that_is_saved_and_the_longest_hold()
    {
        Polls(Seconds(0), Seconds(0), 100).ShouldBe(10);
        _timing.AllowsPoll(Seconds(0.4), Seconds(0)).ShouldBeFalse();
        _timing.NextAllowed(Seconds(0.4), Seconds(0)).TotalSeconds.ShouldBe(1, 1e-6);

        Polls(Seconds(29.5), Seconds(29.5), 100).ShouldBe(10);
        _timing.NextAllowed(Seconds(29.5), Seconds(0)).ShouldBe(Seconds(30), "the job has then been due for 30 s");
        _timing.NextAllowed(Seconds(29.5), Seconds(29)).ShouldBe(Seconds(30.5));
    }

    [Theory]
    [InlineData(5.0, null)]
    [InlineData(null, 60)]
    [InlineData(5.0, 60)]
    public void A_fixed_interval_or_a_known_request_limit_replaces_the_pace(double? interval, int? limit)
    {
        PollTiming timing = Make(interval is { } given ? Seconds(given) : null, limit);
        timing.IsLimited.ShouldBe(limit is not null);
        for (int count = 0; count < 100; count++)
        {
            timing.AllowsPoll(Seconds(0), Seconds(0)).ShouldBeTrue();
            timing.CountPoll(Seconds(0), Seconds(0));
        }
    }

    // No request is sent. The pace applies if the client does not know a request limit.
    private static PollTiming Make(TimeSpan? interval = null, int? limit = null)
    {
        ApiConnection connection = ApiConnection.Create(SandboxServer.DefaultApiKey, "http://127.0.0.1:9");
        ChuiziClient client = new(connection, new ChuiziClientOptions { Clock = new ManualClock() });
        client.LimitRequestsPerMinute(limit);
        return new PollTiming(client, new WaitOptions { PollInterval = interval });
    }

    private int Polls(TimeSpan now, TimeSpan due, int most)
    {
        int count = 0;
        for (; count < most && _timing.AllowsPoll(now, due); count++)
        {
            _timing.CountPoll(now, due);
        }

        return count;
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
