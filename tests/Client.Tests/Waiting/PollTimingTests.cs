using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class PollTimingTests
{
    private const string Model = "google/veo-3.1";

    private static readonly Gen<double> s_random = Gen.OneOf(Gen.Double[0, 1], Gen.OneOf(-1.0, 0.0, 1.0, 2.0, double.MaxValue));
    private static readonly Gen<TimeSpan> s_age = Gen.OneOf(
        Gen.Long.Select(TimeSpan.FromTicks), Gen.Double[-5, 60].Select(TimeSpan.FromSeconds));
    private static readonly Gen<(TimeSpan Low, TimeSpan High)?> s_known = Gen.Frequency(
        (1, Gen.Const(((TimeSpan Low, TimeSpan High)?)null)),
        (3, Gen.Select(Gen.Double[0, 300], Gen.Double[0, 300])
            .Select((low, more) => ((TimeSpan Low, TimeSpan High)?)Range(low, low + more))));

    [Theory]
    [InlineData(0, 0.5, 4 * 0.98)]
    [InlineData(-100, 0.5, 4 * 0.98)]
    [InlineData(1, 0, 4 * 0.93)]
    [InlineData(1, 1, 4 * 1.03)]
    [InlineData(2, 0.5, 3 * 0.98)]
    [InlineData(3, 0.5, 12 * 0.98)]
    [InlineData(5, 0.5, 12 * 0.98)]
    [InlineData(11.5, 0, 9.3)]
    [InlineData(17, 1, 10.3)]
    [InlineData(1e6, 0.5, 9.8)]
    public void A_job_of_an_unknown_model_is_polled_after_1_5_and_17_s_and_then_every_10_s(double age, double random, double seconds) =>
        PollTiming.NextGap(TimeSpan.FromSeconds(age), null, 0, null, random).TotalSeconds.ShouldBe(seconds, 1e-6);

    // Jobs of this model take 100 to 120 s.
    [Theory]
    [InlineData(1, 0, 0.7, 35)]
    [InlineData(36, 0, 0.7, 64)]
    [InlineData(99.5, 0, 0.7, 1)]
    [InlineData(100, 0, 0.7, 4)]
    [InlineData(108, 2, 0.2, 3.8)]
    [InlineData(112, 3, 0.7, 6)]
    [InlineData(119.9, int.MaxValue, 0.7, 6)]
    [InlineData(120, 4, 0.7, 4)]
    [InlineData(132, 4, 0.7, 6)]
    [InlineData(200, 4, 0.7, 10)]
    [InlineData(1, 0, 0, 32.55)]
    [InlineData(44, 0, 0, 56)]
    public void A_job_of_a_known_model_is_polled_often_around_its_expected_end(double age, int closePolls, double random, double seconds) =>
        PollTiming.NextGap(TimeSpan.FromSeconds(age), Range(100, 120), closePolls, null, random).TotalSeconds.ShouldBe(seconds, 1e-6);

    [Fact]
    public void A_poll_at_four_fifths_of_the_shortest_duration_is_not_delayed() =>
        PollTiming.NextGap(TimeSpan.FromSeconds(1), Range(45, 60), 0, null, 0.7).TotalSeconds.ShouldBe(35, 1e-6);

    [Fact]
    public void A_job_that_takes_a_few_seconds_is_polled_several_times_a_second() =>
        PollTiming.NextGap(TimeSpan.FromSeconds(9), Range(9, 10), 0, null, 0.7).TotalSeconds.ShouldBe(0.5, 1e-6);

    [Theory]
    [InlineData(null, null, null, 1.0)]
    [InlineData(100.0, 130.0, null, 1.0)]
    [InlineData(0.6, 0.7, null, 0.6)]
    [InlineData(0.0, 0.0, null, 0)]
    [InlineData(null, null, 0.5, 0.5)]
    [InlineData(0.0, 0.0, 30.0, 1.0)]
    public void The_first_poll_is_early(double? low, double? high, double? interval, double seconds) =>
        PollTiming
            .FirstAge(low is null ? null : Range(low.Value, high!.Value), interval is { } given ? TimeSpan.FromSeconds(given) : null)
            .TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData(30, 30)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void A_fixed_interval_replaces_the_schedule(double interval, double seconds) =>
        PollTiming.NextGap(TimeSpan.FromSeconds(5), Range(10, 20), 1, TimeSpan.FromSeconds(interval), 0.3)
            .ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void The_gap_between_polls_stays_within_bounds() =>
        Gen.Select(s_age, s_known, Gen.Int[0, 100], s_random).Sample((age, known, looks, random) =>
        {
            TimeSpan next = PollTiming.NextGap(age, known, looks, null, random);
            next.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.23));
            double looked = Math.Max(age.TotalSeconds, 0);
            bool isEarly = known is { } range && looked < range.Low.TotalSeconds;
            // A cautious poll within a fifth of the shortest duration is delayed until that duration.
            double cautious = Math.Max(35, looked * 1.25) * 1.03;
            next.TotalSeconds.ShouldBeLessThanOrEqualTo(isEarly ? ((looked + cautious) / 0.8) - looked + 0.001 : 12.4);
        });

    [Fact]
    public void No_gap_skips_the_earliest_expected_end_of_a_known_job() =>
        Gen.Select(Gen.Double[0, 300], Gen.Double[1, 300], s_random).Sample((age, low, random) =>
        {
            double next = PollTiming.NextGap(TimeSpan.FromSeconds(age), Range(low, low + 10), 0, null, random).TotalSeconds;
            (age >= low || age + next <= Math.Max(low, age + 1) + 1e-6).ShouldBeTrue();
        });

    // Polls many jobs of about 120 s, and measures the lag between a job's end and its discovery.
    [Theory]
    [InlineData(120, 120, false, 14, 14, 5)]
    [InlineData(110, 130, false, 15, 14.1, 5)]
    [InlineData(120, 120, true, 10, 9, 1)]
    [InlineData(110, 130, true, 10, 9, 3)]
    public void A_two_minute_job_needs_few_polls_and_is_discovered_soon(
        double shortest, double longest, bool isKnown, int mostPolls, double meanPolls, double meanLag)
    {
        Random random = new(7);
        List<(int Polls, double Lag)> jobs = [];
        LearnedDurations known = new();
        for (int count = 0; count < 2000; count++)
        {
            double end = shortest + ((longest - shortest) * random.NextDouble());
            (int, double) found = Find(end, known, random.NextDouble);
            if (isKnown)
            {
                known.Add(Model, TimeSpan.FromSeconds(end));
            }

            if (!isKnown || count >= 32)
            {
                jobs.Add(found);
            }
        }

        jobs.Max(job => job.Polls).ShouldBeLessThanOrEqualTo(mostPolls);
        jobs.Average(job => job.Polls).ShouldBeLessThanOrEqualTo(meanPolls);
        jobs.Average(job => job.Lag).ShouldBeLessThanOrEqualTo(meanLag);
    }

    // One finished job of the model is enough to learn from.
    [Theory]
    [InlineData(2, 4, 0.3)]
    [InlineData(30, 6, 1.5)]
    [InlineData(120, 10, 3)]
    [InlineData(600, 17, 6)]
    public void A_job_as_long_as_the_previous_one_is_discovered_soon(double seconds, int mostPolls, double mostLag)
    {
        LearnedDurations known = new();
        known.Add(Model, TimeSpan.FromSeconds(seconds));
        (int polls, double lag) = Find(seconds, known, () => 0.5);
        polls.ShouldBeLessThanOrEqualTo(mostPolls);
        lag.ShouldBeLessThanOrEqualTo(mostLag);
    }

    // Amazon says that 6 s of Nova Reel take about 90 s. It names no time for the other models, and neither does the API's contract.
    [Fact]
    public void The_first_job_of_a_machine_is_discovered_soon_if_the_provider_says_how_long_it_takes()
    {
        Random random = new(7);
        (int Polls, double Lag)[] jobs = [.. Enumerable.Range(0, 4000).Select(count =>
            Find(80 + (count / 100.0), new LearnedDurations(), random.NextDouble, "bedrock/nova-reel-1.1"))];
        jobs.Max(job => job.Polls).ShouldBeLessThanOrEqualTo(10);
        jobs.Average(job => job.Lag).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public void The_first_job_of_a_process_is_discovered_soon_if_a_ledger_knows_the_model()
    {
        using TempFolder folder = new();
        string path = folder.Of("run.jsonl");
        const string Origin = "https://api.example";
        string Line(int number, string origin, int seconds) =>
            $$"""{"step":"intent","entry":"e{{number}}","run":"r","at":"2026-01-01T00:00:00Z","origin":"{{origin}}","model":"{{Model}}"}"""
            + "\n"
            + $$"""{"step":"settled","entry":"e{{number}}","id":"v{{number}}","at":"2026-01-01T00:02:00Z","origin":"{{origin}}","status":"succeeded","latency_ms":{{seconds}}000}"""
            + "\n";
        File.WriteAllText(path, Line(1, Origin, 120) + Line(2, "https://elsewhere.example", 5) + Line(3, Origin, 122));
        LearnedDurations known = new();

        known.LearnOnce(() => RecentVideos.Read([folder.Of("missing.jsonl"), path], Origin, 200, TimeSpan.FromMinutes(1)), Origin);
        known.LearnOnce(() => throw new InvalidOperationException("learned twice"), Origin);

        (int polls, double lag) = Find(120, known, () => 0.5);
        polls.ShouldBeLessThanOrEqualTo(10);
        lag.ShouldBeLessThanOrEqualTo(3);
        known.RangeOf(Model)!.Value.Low.TotalSeconds.ShouldBeGreaterThan(100);
    }

    /// <summary>Polls a job until it has ended.</summary>
    private static (int Polls, double Lag) Find(double end, LearnedDurations known, Func<double> random, string model = Model)
    {
        (TimeSpan Low, TimeSpan High)? range = known.RangeOf(model);
        int polls = 1;
        int closePolls = 0;
        TimeSpan age = PollTiming.FirstAge(range, null);
        for (; age.TotalSeconds < end; polls++)
        {
            TimeSpan gap = PollTiming.NextGap(age, range, closePolls, null, random());
            closePolls += age >= range?.Low ? 1 : 0;
            age += gap;
        }

        return (polls, age.TotalSeconds - end);
    }

    private static (TimeSpan Low, TimeSpan High) Range(double low, double high) => (TimeSpan.FromSeconds(low), TimeSpan.FromSeconds(high));
}
