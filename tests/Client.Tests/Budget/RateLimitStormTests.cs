using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;
using static Chuizi.Video.Client.Tests.Budget.RateLimitSimulation;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>Refusals and makespan are bounded, whatever the server says of its limit and whoever else uses the key.</summary>
[Trait("Repeats", "Many")]
public sealed class RateLimitStormTests
{
    /// <summary>The requests of one process in progress when the first refusal comes.</summary>
    private const int UnderWay = 16;

    /// <summary>Pauses of 2, 4, 8, 16 and 30 s, and a request that was in progress beside some.</summary>
    private const int FirstMinute = UnderWay + 6;
    private const int LaterMinutes = 8;

    public static TheoryData<Foreign, int, bool> ForeignAndProcesses
    {
        get
        {
            TheoryData<Foreign, int, bool> all = [];
            foreach (Foreign foreign in Enum.GetValues<Foreign>())
            {
                for (int processes = 1; processes <= 4; processes++)
                {
                    all.Add(foreign, processes, false);
                    if (processes is 2 or 4)
                    {
                        all.Add(foreign, processes, true);
                    }
                }
            }

            return all;
        }
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [MemberData(nameof(ForeignAndProcesses))]
    public void Refusals_are_few_and_little_time_is_lost_with_any_of_the_headers(Foreign foreign, int processes, bool isShared)
    {
        for (int headers = 0; headers < 16; headers++)
        {
            // Not HashCode, which is another one in each process.
            Random random = new(20261128 + headers);
            Setup setup = new(
                random.Next(4) == 0 ? 20 : 60,
                processes,
                Rows: random.Next(20, 60),
                (Headers)headers,
                foreign,
                Latency: 0.02 + (0.3 * random.NextDouble()),
                isShared);
            RateLimitSimulation simulation = new(random, setup);

            simulation.Run();

            foreach (List<double> refusals in simulation.Refusals)
            {
                refusals.Count(time => time < 60).ShouldBeLessThanOrEqualTo(FirstMinute, setup.ToString());
                IEnumerable<double> later = refusals.Where(time => time >= 60);
                later.Select(start => later.Count(time => time >= start && time < start + 60)).DefaultIfEmpty(0).Max()
                    .ShouldBeLessThanOrEqualTo(LaterMinutes, setup.ToString());
            }

            simulation.Makespan.ShouldBeLessThan(LongestMakespan(setup, simulation), setup.ToString());
        }
    }

    // Each sees a window that both have filled, and neither knows the limit. When one has finished, the other may use all of it.
    [Fact]
    public void What_was_left_of_a_window_shows_a_limit_that_others_use_too()
    {
        for (int seed = 0; seed < Repeats.Of(40); seed++)
        {
            Random random = new(seed);
            Setup setup = new(60, 2, random.Next(42, 60), Headers.Remaining, Foreign.UsedUp, 0.02 + (0.15 * random.NextDouble()));
            RateLimitSimulation simulation = new(random, setup);
            simulation.Run();
            simulation.Makespan.ShouldBeLessThan(LongestMakespan(setup, simulation), setup.ToString());
        }
    }

    // Both processes saw a full window without being refused, and both find the next one empty.
    [Fact]
    public void Two_processes_that_find_a_new_window_at_the_same_time_are_not_refused_by_the_dozen()
    {
        for (int seed = 0; seed < Repeats.Of(40); seed++)
        {
            Random random = new(seed);
            Setup setup = new(
                60, 2, random.Next(50, 60), Headers.Limit | Headers.Remaining | Headers.Reset, Foreign.None,
                Latency: 0.0274 + (0.0015 * random.NextDouble()));
            RateLimitSimulation simulation = new(random, setup);
            simulation.Run();
            simulation.Refusals.Max(refusals => refusals.Count).ShouldBeLessThanOrEqualTo(LaterMinutes, setup.ToString());
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public void After_a_full_minute_a_list_is_sent_at_once(int rows)
    {
        RateLimitSimulation simulation = new(new Random(1), new Setup(60, 1, rows / 2, Headers.None, Foreign.UsedUp, 0.1));
        simulation.Run();
        // The minute until the window is free, and the 30 s until the last video is finished.
        simulation.Makespan.ShouldBeLessThan(60 + 30 + 10);
    }

    [Fact]
    public void The_last_polls_of_a_list_use_all_room_in_the_window()
    {
        RateLimitSimulation simulation = new(new Random(1), new Setup(60, 1, 80, Headers.Limit | Headers.Remaining, Foreign.None, 0.1));
        simulation.Run();
        simulation.Refusals[0].ShouldBeEmpty();
        simulation.Makespan.ShouldBeLessThan(1.05 * 120);
    }

    private static double LongestMakespan(Setup setup, RateLimitSimulation simulation)
    {
        int usedUp = setup.Foreign == Foreign.UsedUp ? setup.Limit : 0;
        int requests = (2 * setup.Rows * setup.Processes) + simulation.ForeignRequests + usedUp;
        double ideal = (requests - 1) / setup.Limit * 60;
        return (1.3 * ideal) + 75;
    }
}
