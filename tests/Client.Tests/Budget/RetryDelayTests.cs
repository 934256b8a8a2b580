using Chuizi.Video.Client.Budget;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

public sealed class RetryDelayTests
{
    // Every double from 0 to 1, and values that a faulty source might return.
    private static readonly Gen<double> s_random = Gen.OneOf(
        Gen.Double[0, 1],
        Gen.OneOf(-1.0, 0.0, 1.0, 2.0, double.MaxValue, double.PositiveInfinity));
    private static readonly Gen<TimeSpan?> s_asked = Gen.OneOf(
        Gen.Long.Select(ticks => (TimeSpan?)TimeSpan.FromTicks(ticks)),
        Gen.Double[-10, 1000].Select(seconds => (TimeSpan?)TimeSpan.FromSeconds(seconds)),
        Gen.Const((TimeSpan?)null));

    [Theory]
    [InlineData(1, 0, 0.25)]
    [InlineData(1, 1, 0.5)]
    [InlineData(2, 0.5, 0.75)]
    [InlineData(3, 1, 2)]
    [InlineData(7, 1, 30)]
    [InlineData(7, 0, 15)]
    [InlineData(1000, 1, 30)]
    public void The_delay_doubles_from_half_a_second_to_30_s_with_the_upper_half_random(int retry, double random, double seconds) =>
        RetryDelay.Next(retry, null, random).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(5, 0, 5)]
    [InlineData(5, 1, 5.25)]
    [InlineData(0.001, 0, 0.001)]
    [InlineData(600, 0, 600)]
    [InlineData(601, 0, 600)]
    [InlineData(1e9, 1, 600.25)]
    public void The_delay_that_the_server_requests_takes_precedence_up_to_ten_minutes(double asked, double random, double seconds) =>
        RetryDelay.Next(1, TimeSpan.FromSeconds(asked), random).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-1e9)]
    public void A_Retry_After_in_the_past_is_ignored(double asked) =>
        RetryDelay.Next(1, TimeSpan.FromSeconds(asked), 0).ShouldBe(TimeSpan.FromSeconds(0.25));

    [Fact]
    public void The_delay_is_positive_and_bounded() =>
        Gen.Select(Gen.Int, s_asked, s_random).Sample((retry, asked, random) =>
        {
            TimeSpan delay = RetryDelay.Next(retry, asked, random);
            delay.ShouldBeGreaterThan(TimeSpan.Zero);
            TimeSpan most = asked > TimeSpan.Zero ? RetryDelay.LongestRetryAfter + TimeSpan.FromSeconds(0.25) : RetryDelay.Maximum;
            delay.ShouldBeLessThanOrEqualTo(most);
        });

    [Fact]
    public void The_delay_is_never_shorter_than_Retry_After_up_to_ten_minutes() =>
        Gen.Select(Gen.Int[1, 50], Gen.Double[0.001, 600], s_random).Sample((retry, asked, random) =>
            RetryDelay.Next(retry, TimeSpan.FromSeconds(asked), random).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(asked)));

    [Fact]
    public void With_the_same_random_value_a_later_retry_never_waits_less() =>
        Gen.Select(Gen.Int[1, 100], s_random).Sample((retry, random) =>
            RetryDelay.Next(retry + 1, null, random).ShouldBeGreaterThanOrEqualTo(RetryDelay.Next(retry, null, random)));
}
