using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

/// <summary>When a job is due, by its age and what is known of its model. All jobs arrive 100 s after the start of the waiter.</summary>
public sealed class PollDueTests
{
    private const string Model = "google/veo-3.1";

    private static readonly TimeSpan s_arrival = Seconds(100);
    private static readonly DateTime s_noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private readonly ChuiziClient _client;
    private readonly LearnedDurations _durations;

    // With this random value, the gaps have no jitter.
    public PollDueTests()
    {
        ApiConnection connection = ApiConnection.Create(SandboxServer.DefaultApiKey, "http://127.0.0.1:9");
        _client = new ChuiziClient(connection, new ChuiziClientOptions { Clock = new ManualClock(), Random = () => 0.7 });
        _durations = LearnedDurations.For(connection, _client.Options.Clock);
    }

    [Theory]
    [InlineData(0.0, 101)]
    [InlineData(0.25, 100.75)]
    [InlineData(1.0, 100)]
    [InlineData(60.0, 100)]
    [InlineData(null, 100)]
    public void A_new_job_is_due_at_the_age_of_a_second_and_an_older_one_at_once(double? age, double seconds) =>
        Timing().FirstDue(Job(age)).ShouldBe(Seconds(seconds));

    [Fact]
    public void A_job_is_due_again_after_the_gap_of_its_age()
    {
        Timing().NextDue(Job(0), Seconds(101)).TotalSeconds.ShouldBe(105, 1e-6);
        Timing().NextDue(Job(20), Seconds(101)).TotalSeconds.ShouldBe(111, 1e-6);
        Timing().NextDue(Job(null), Seconds(101)).TotalSeconds.ShouldBe(111, 1e-6);
        Timing(interval: TimeSpan.FromDays(40)).NextDue(Job(0, TimeSpan.MaxValue), Seconds(101))
            .ShouldBe(Seconds(101) + PollTiming.LongestWait - Seconds(2), "the last poll before the end of the longest wait");
        Timing(interval: TimeSpan.FromDays(40)).NextDue(Job(0, TimeSpan.MaxValue), s_arrival + PollTiming.LongestWait - Seconds(1))
            .ShouldBe(s_arrival + (PollTiming.LongestWait * 2) - Seconds(1));
    }

    [Fact]
    public void The_gap_follows_the_durations_of_the_model_only_if_the_age_is_known()
    {
        _durations.Add(Model, Seconds(100));
        Timing().NextDue(Job(0), Seconds(101)).TotalSeconds.ShouldBe(136, 1e-6, "no job has ended this soon");
        Timing().NextDue(Job(null), Seconds(101)).TotalSeconds.ShouldBe(111, 1e-6);
    }

    [Fact]
    public void Polls_count_as_close_from_the_earliest_end_of_the_model_on()
    {
        _durations.Add(Model, Seconds(100));
        WaitingJob job = Job(0);
        TimeSpan low = _durations.RangeOf(Model)!.Value.Low;
        Timing().NextDue(job, s_arrival + low - TimeSpan.FromTicks(1));
        job.ClosePolls.ShouldBe(0);
        Timing().NextDue(job, s_arrival + low);
        job.ClosePolls.ShouldBe(1);
        Timing().NextDue(job, s_arrival + low + Seconds(1));
        job.ClosePolls.ShouldBe(2);
        WaitingJob other = Job(0, model: "unknown");
        Timing().NextDue(other, s_arrival + Seconds(1000));
        other.ClosePolls.ShouldBe(0);
    }

    // The job is polled every 10 s, and its deadline is 130 s after the start.
    [Theory]
    [InlineData(119.9, 129.9)]
    [InlineData(120, 129)]
    [InlineData(125, 129)]
    [InlineData(127.9, 129)]
    [InlineData(128, 138)]
    [InlineData(129, 139)]
    public void A_poll_that_would_come_too_late_is_made_a_second_before_the_deadline(double now, double due) =>
        Timing(interval: Seconds(10)).NextDue(Job(0, Seconds(30)), Seconds(now)).ShouldBe(Seconds(due));

    [Fact]
    public void The_chance_of_an_end_depends_on_the_age_at_the_last_poll()
    {
        _durations.Add(Model, Seconds(50));
        WaitingJob job = Job(20);
        Timing().ChanceOfEnd(job, Seconds(110)).ShouldBe(_durations.ChanceOfEnd(Model, TimeSpan.Zero, Seconds(30)));
        job.SeenRunning(Seconds(105));
        Timing().ChanceOfEnd(job, Seconds(135)).ShouldBe(_durations.ChanceOfEnd(Model, Seconds(25), Seconds(55)));
        Timing().ChanceOfEnd(job, Seconds(135)).ShouldBeGreaterThan(0.5);

        WaitingJob bare = Job(null);
        Timing().ChanceOfEnd(bare, Seconds(110)).ShouldBe(1);
        bare.SeenRunning(Seconds(105));
        Timing().ChanceOfEnd(bare, Seconds(135)).ShouldBe(_durations.ChanceOfEnd(null, Seconds(105), Seconds(135)));
    }

    // The job was last seen running at the age of 20 s, and seen ended at the age of 30 s.
    [Theory]
    [InlineData(24.0, 24)]
    [InlineData(5.0, 20)]
    [InlineData(90.0, 30)]
    [InlineData(null, 25)]
    public void The_duration_that_the_API_reports_counts_between_two_polls(double? latency, double learned) =>
        Learned(seen: 20, ended: 30, latency).ShouldBe(Seconds(learned));

    [Theory]
    [InlineData(15.0, 30, 22.5)]
    [InlineData(15.0, 30.001, null)]
    [InlineData(null, 12, 6.0)]
    [InlineData(null, 16, null)]
    public void Without_a_reported_duration_only_polls_close_together_count(double? seen, double ended, double? learned) =>
        Learned(seen, ended, latency: null).ShouldBe(learned is { } seconds ? Seconds(seconds) : null);

    [Fact]
    public void Only_succeeded_jobs_of_known_age_and_model_are_learned_from()
    {
        VideoState state = new() { Id = "vid-1", Status = VideoStatus.Succeeded, Latency = Seconds(7) };
        Timing().Learn(Job(0), state with { Status = VideoStatus.Failed }, Seconds(110));
        Timing().Learn(Job(null), state, Seconds(110));
        Timing().Learn(Job(0, model: null), state, Seconds(110));
        _durations.RangeOf(Model).ShouldBeNull();

        Timing().Learn(Job(0, model: null), state with { Model = Model }, Seconds(110));
        Single(Model).ShouldBe(Seconds(7));
        Timing().Learn(Job(0, model: "asked"), state with { Model = "answered" }, Seconds(110));
        (Single("asked"), Single("answered")).ShouldBe((Seconds(7), null));
    }

    [Fact]
    public void The_time_left_is_that_of_the_job_that_ends_last()
    {
        _durations.Add("short", Seconds(10));
        _durations.Add("long", Seconds(100));
        TimeSpan high = _durations.RangeOf("long")!.Value.High;
        Left(50, ("short", 1, 45), ("long", 2, 20)).ShouldBe(high - Seconds(30));
        Left(50, ("long", 2, 20), ("short", 1, 45)).ShouldBe(high - Seconds(30));
        Left(50, ("short", 1, 45), ("long", 0, 20)).ShouldBe(_durations.RangeOf("short")!.Value.High - Seconds(5));
        Left(50, ("short", 1, 45), ("other", 1, 20)).ShouldBeNull();
        Left(50, ("short", 1, 45), ("other", 0, 20)).ShouldNotBeNull();
        Left(50).ShouldBeNull();
        Left(500, ("short", 1, 45)).ShouldBeNull("it should have ended");
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);

    /// <summary>A job that arrives with an age; null if its age is not known.</summary>
    private static WaitingJob Job(double? age, TimeSpan? timeout = null, string? model = Model) => new(
        // The API rounds the creation time down to whole seconds, so a job counts as a second younger.
        new Video { Id = "vid-1", Model = model, Created = s_noon.AddSeconds(-1 - (age ?? 0)) },
        0,
        isNew: age is not null,
        s_arrival,
        s_noon,
        new WaitOptions { Timeout = timeout ?? TimeSpan.FromHours(1) });

    private TimeSpan? Left(double now, params (string Model, int Count, double Start)[] open) => Timing().TimeLeft(
        open.ToDictionary(one => one.Model, one => (one.Count, Seconds(one.Start))), Seconds(now));

    private PollTiming Timing(TimeSpan? interval = null) => new(_client, new WaitOptions { PollInterval = interval });

    private TimeSpan? Learned(double? seen, double ended, double? latency)
    {
        WaitingJob job = Job(0);
        if (seen is { } at)
        {
            job.SeenRunning(s_arrival + Seconds(at));
        }

        VideoState state = new() { Id = "vid-1", Status = VideoStatus.Succeeded, Latency = latency is { } known ? Seconds(known) : null };
        Timing().Learn(job, state, s_arrival + Seconds(ended));
        return Single(Model);
    }

    /// <summary>The only duration learned of a model, which is the middle of its range.</summary>
    private TimeSpan? Single(string model) => _durations.RangeOf(model) is { } range ? (range.Low + range.High) / 2 : null;
}
