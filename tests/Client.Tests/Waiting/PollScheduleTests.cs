using Chuizi.Video.Client.Waiting;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class PollScheduleTests
{
    private static readonly Gen<double> s_random = Gen.OneOf(Gen.Double[0, 1], Gen.OneOf(-1.0, 0.0, 1.0, 2.0, double.MaxValue));
    private static readonly Gen<TimeSpan> s_age = Gen.OneOf(Gen.Long.Select(TimeSpan.FromTicks), Gen.Double[-5, 60].Select(TimeSpan.FromSeconds));

    [Theory]
    [InlineData(0, 0.5, 1)]
    [InlineData(-100, 0.5, 1)]
    [InlineData(1, 0, 0.9)]
    [InlineData(1, 1, 1.1)]
    [InlineData(5, 0.5, 5)]
    [InlineData(10, 0, 9)]
    [InlineData(10, 1, 11)]
    [InlineData(1e6, 0.5, 10)]
    public void It_waits_as_long_as_the_job_is_old_up_to_ten_seconds(double age, double random, double seconds) =>
        PollSchedule.Next(TimeSpan.FromSeconds(age), null, random).TotalSeconds.ShouldBe(seconds, 1e-6);

    [Theory]
    [InlineData(30, 30)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void What_the_user_asks_for_replaces_all_that(double interval, double seconds) =>
        PollSchedule.Next(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(interval), 0.3).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void It_is_never_negative_and_never_beyond_its_bounds() =>
        Gen.Select(s_age, s_random).Sample((age, random) =>
        {
            TimeSpan next = PollSchedule.Next(age, null, random);
            next.ShouldBeGreaterThanOrEqualTo(PollSchedule.First * 0.9);
            next.ShouldBeLessThanOrEqualTo(PollSchedule.Round * 1.1);
        });

    [Fact]
    public void With_the_same_chance_an_older_job_is_never_asked_for_sooner() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 100], s_random).Sample((age, more, random) =>
            PollSchedule.Next(TimeSpan.FromSeconds(age + more), null, random).ShouldBeGreaterThanOrEqualTo(PollSchedule.Next(TimeSpan.FromSeconds(age), null, random)));
}
