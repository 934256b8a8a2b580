using Chuizi.Video.Client.Waiting;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Waiting;

public sealed class PollPaceTests
{
    private readonly PollPace _pace = new();

    [Fact]
    public void A_few_go_at_once_and_then_one_a_second()
    {
        Looks(Seconds(0), Seconds(0), 100).ShouldBe(10);
        Looks(Seconds(0.9), Seconds(0), 100).ShouldBe(0);
        Looks(Seconds(1), Seconds(0), 100).ShouldBe(1);
        Looks(Seconds(6.5), Seconds(1), 100).ShouldBe(5);
        Looks(Seconds(600), Seconds(599), 100).ShouldBe(10, "more than a few are not saved");
    }

    [Fact]
    public void A_job_that_has_ended_pays_for_two_looks()
    {
        Looks(Seconds(0), Seconds(0), 100);
        _pace.Earn();
        _pace.Earn();
        Looks(Seconds(0), Seconds(0), 100).ShouldBe(4);
    }

    [Fact]
    public void None_waits_for_longer_than_the_patience_and_that_costs_the_others_nothing()
    {
        Looks(Seconds(0), Seconds(0), 100);
        TimeSpan late = PollPace.Patience;
        Looks(late, Seconds(0), 1000).ShouldBe(1000);
        Looks(late, late - Seconds(1), 1000).ShouldBe(10);
    }

    [Fact]
    public void The_time_it_names_is_the_first_at_which_it_lets_a_job_go() =>
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 40]).Sample((at, waited) =>
        {
            PollPace pace = new();
            TimeSpan due = Seconds(Math.Max(0, at - waited));
            TimeSpan now = Seconds(at);
            for (int count = 0; count < 20 && waited < 30 && pace.Allows(now, now); count++)
            {
                pace.Take(now, now);
            }

            if (!pace.Allows(now, due))
            {
                TimeSpan next = pace.Next(now, due);
                next.ShouldBeGreaterThan(now);
                next.ShouldBeLessThanOrEqualTo(now + Seconds(1));
                pace.Allows(now + ((next - now) / 2), due).ShouldBeFalse();
                pace.Allows(next + TimeSpan.FromTicks(10), due).ShouldBeTrue();
            }
        });

    private int Looks(TimeSpan now, TimeSpan due, int most)
    {
        int count = 0;
        for (; count < most && _pace.Allows(now, due); count++)
        {
            _pace.Take(now, due);
        }

        return count;
    }

    private static TimeSpan Seconds(double value) => TimeSpan.FromSeconds(value);
}
