using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;
using static Chuizi.Video.Client.Tests.Budget.RateLimitSimulation;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>Four processes with one key of 60 requests a minute, for ten minutes, that share a window.</summary>
[Trait("Repeats", "Many")]
[Trait("Speed", "Medium")]
public sealed class SharedWindowSimulationTests(ITestOutputHelper output)
{
    private const int Limit = 60;
    private const int Processes = 4;
    private const int Minutes = 10;

    private static readonly int s_seeds = Repeats.Of(2);

    // Without a stated limit, requests beyond the estimate are refused now and then: only they show whether it is still right.
    [Theory]
    [InlineData(Headers.Limit, 1)]
    [InlineData(Headers.Limit | Headers.Remaining, 1)]
    [InlineData(Headers.Limit | Headers.Remaining | Headers.Reset, 1)]
    [InlineData(Headers.Remaining, 40)]
    [InlineData(Headers.None, 40)]
    public void Four_processes_use_a_key_fully_and_fairly_with_at_most_one_429(Headers headers, int mostRefusals)
    {
        List<RateLimitSimulation> simulations =
            [.. Enumerable.Range(0, s_seeds).Select(seed => Run(seed, setup => setup with { Headers = headers }))];
        simulations.ShouldAllBe(one => one.Refusals.Sum(times => times.Count(time => time >= 60)) <= mostRefusals);
        ShouldBeUsedFairly(simulations);
    }

    [Fact]
    public void With_RequestsPerMinute_in_one_process_none_of_four_is_refused()
    {
        List<RateLimitSimulation> simulations =
            [.. Enumerable.Range(0, s_seeds).Select(seed => Run(seed, setup => setup with { Headers = Headers.None, UserLimit = Limit }))];
        simulations.ShouldAllBe(one => one.Refusals.Sum(times => times.Count) == 0);
        ShouldBeUsedFairly(simulations);
    }

    [Fact]
    public void The_share_of_a_killed_process_is_used_by_the_others_within_60_seconds()
    {
        const int Killed = 290;
        for (int seed = 0; seed < s_seeds; seed++)
        {
            RateLimitSimulation simulation = Run(seed, setup => setup with { KilledAt = Killed });
            int[] next = [.. simulation.Accepted.Select(times => times.Count(time => time is >= Killed + 60 and < Killed + 120))];
            next[0].ShouldBe(0);
            next.Sum().ShouldBeGreaterThanOrEqualTo(Limit * 9 / 10);
            next[1..].Min().ShouldBeGreaterThanOrEqualTo(Limit / 3 / 2);
            simulation.Refusals.Sum(times => times.Count(time => time >= 60)).ShouldBeLessThanOrEqualTo(1);
        }
    }

    // In one of twenty runs, a process falls behind for a minute or two.
    private static void ShouldBeUsedFairly(List<RateLimitSimulation> simulations)
    {
        const int All = Limit * Minutes;
        const int Share = Limit / Processes;
        simulations.ShouldAllBe(one => Accepted(one) >= All * 17 / 20 && LeastInAMinute(one) >= Share / 3);
        simulations.Count(one => Accepted(one) < All * 9 / 10 || LeastInAMinute(one) < Share / 2)
            .ShouldBeLessThanOrEqualTo(simulations.Count / 10);
    }

    private static int Accepted(RateLimitSimulation simulation) => simulation.Accepted.Sum(times => times.Count);

    private static int LeastInAMinute(RateLimitSimulation simulation) => Enumerable.Range(1, Minutes - 1)
        .Min(minute => simulation.Accepted.Min(times => times.Count(time => (int)(time / 60) == minute)));

    private RateLimitSimulation Run(int seed, Func<Setup, Setup> change)
    {
        Random random = new(seed);
        Setup setup = new(
            Limit, Processes, Rows: 1000, Headers.Limit, Foreign.None, Latency: 0.02 + (0.3 * random.NextDouble()),
            IsShared: true, EndsAt: Minutes * 60);
        RateLimitSimulation simulation = new(random, change(setup));
        simulation.Run();
        output.WriteLine(
            $"accepted {string.Join(" + ", simulation.Accepted.Select(times => times.Count))}, "
            + $"refused in the first minute {simulation.Refusals.Sum(times => times.Count(time => time < 60))}, "
            + $"later {simulation.Refusals.Sum(times => times.Count(time => time >= 60))}");
        return simulation;
    }
}
