using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Api;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

/// <summary>What several processes with one key know of each other. <see cref="BudgetTest.Budget"/> shares nothing.</summary>
public sealed class SharedWindowTests : BudgetTest
{
    private readonly SharedStateInMemory.Store _store = new();

    [Fact]
    public void Without_a_limit_nothing_is_shared()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        Run(one, 100).ShouldBe(100);
        Run(two, 100).ShouldBe(100);
        Move(2);
        Run(two, 1).ShouldBe(1);
        _store.Updates.ShouldBe(0);
    }

    [Fact]
    public void Processes_share_one_window_as_soon_as_one_of_them_knows_the_limit()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        Run(one, 2).ShouldBe(2);
        one.State(10);
        Run(two, 100).ShouldBe(8);
        two.Limit.ShouldBe(10);
        Run(one, 1).ShouldBe(0);
        Move(60);
        (Run(one, 100) + Run(two, 100)).ShouldBe(10);
    }

    [Fact]
    public void The_lowest_RequestsPerMinute_applies_to_all_processes_until_it_is_removed()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        one.UserLimit = 20;
        two.UserLimit = 5;
        Run(one, 3);
        Run(two, 3).ShouldBe(2);
        one.Limit.ShouldBe(5);
        two.UserLimit = null;
        Run(two, 100).ShouldBeGreaterThan(2);
        Run(one, 1);
        one.Limit.ShouldBe(20);
    }

    [Fact]
    public async Task A_process_beyond_its_share_leaves_the_others_theirs()
    {
        RequestBudget greedy = Process();
        RequestBudget late = Process();
        greedy.State(10);
        Run(greedy, 10).ShouldBe(10);
        Task<RequestTicket>[] waiting = Wait(late, 5);
        Task<RequestTicket>[] more = Wait(greedy, 10);
        Move(60.1);
        waiting.Count(task => task.IsCompleted).ShouldBe(5);
        more.Count(task => task.IsCompleted).ShouldBe(5);
        Array.ForEach(await Task.WhenAll(waiting), Use);
    }

    [Fact]
    public void A_share_that_is_not_used_is_left_after_some_seconds()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        one.State(60);
        Run(two, 1);
        Run(one, 100).ShouldBe(30, "the other one just sent a request");
        Move(11);
        Run(one, 100).ShouldBe(29);
    }

    [Fact]
    public void Submissions_leave_a_fifth_to_polls_of_another_process()
    {
        RequestBudget submitting = Process();
        RequestBudget polling = Process();
        submitting.State(60);
        using PollExpectation expectation = polling.ExpectPolls();
        Move(1);
        Run(polling, 1, RequestClass.Poll);
        Move(11);
        Run(submitting, 100).ShouldBe(48);
        Run(polling, 3, RequestClass.Poll).ShouldBe(3);
    }

    [Fact]
    public void A_429_in_one_process_pauses_the_others()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        one.State(60);
        Run(two, 1);
        Answer(one, Refused with { RetryAfter = TimeSpan.FromSeconds(20) });
        Run(two, 1).ShouldBe(0);
        Move(19.9);
        Run(two, 1).ShouldBe(0);
        Move(0.2);
        two.TryTake(RequestClass.Submit, out RequestTicket? _).ShouldBeTrue();
        two.TryTake(RequestClass.Submit, out RequestTicket? _).ShouldBeFalse("one at a time");
    }

    [Fact]
    public void Requests_of_other_machines_are_counted_once_by_all_processes()
    {
        RequestBudget one = Process();
        RequestBudget two = Process();
        one.State(60);
        Run(two, 4);
        Answer(one, new RateLimitHints(false, Limit: 60, Remaining: 60 - 5 - 20));
        Answer(two, new RateLimitHints(false, Limit: 60, Remaining: 60 - 6 - 20));
        Move(11);
        Run(two, 100).ShouldBe(60 - 6 - 20);
    }

    [Fact]
    public void Requests_of_a_killed_process_leave_the_window_60_seconds_after_it_was_last_seen()
    {
        RequestBudget killed = Process();
        RequestBudget other = Process();
        killed.State(10);
        for (int index = 0; index < 10; index++)
        {
            killed.TryTake(RequestClass.Submit, out RequestTicket? ticket).ShouldBeTrue();
            ticket!.Begin();
        }

        Run(other, 1).ShouldBe(0);
        Move(59.9);
        Run(other, 1).ShouldBe(0);
        Move(0.1);
        Run(other, 100).ShouldBe(10);
    }

    [Fact]
    public void A_waiting_process_reads_the_shared_state_twice_a_second()
    {
        RequestBudget one = Process();
        one.State(1);
        Run(one, 1);
        Task<RequestTicket> waiting = one.TakeAsync(RequestClass.Submit, CancellationToken.None);
        int before = _store.Updates;
        Move(59);
        (_store.Updates - before).ShouldBeInRange(100, 120);
        waiting.IsCompleted.ShouldBeFalse();
        Move(1);
        waiting.IsCompleted.ShouldBeTrue();
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 30)]
    [InlineData(4, 15)]
    [InlineData(100, 1)]
    public void Each_machine_uses_its_part_of_the_limit(int workers, int expected)
    {
        Budget.State(60);
        Budget.Workers = workers;
        Run(RequestClass.Submit, 100).ShouldBe(expected);
        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(expected);
    }

    [Fact]
    public void A_machine_uses_what_the_others_leave_except_a_tenth_of_their_part()
    {
        Budget.Workers = 2;
        for (int sent = 1; sent <= 57; sent++)
        {
            Answer(Budget, new RateLimitHints(false, Limit: 60, Remaining: 60 - sent));
        }

        Run(RequestClass.Submit, 1).ShouldBe(0);

        // The other machine has sent 28 requests: the part of this one is left.
        Move(60);
        Answer(Budget, new RateLimitHints(false, Limit: 60, Remaining: 60 - 1 - 28));
        Run(RequestClass.Submit, 100).ShouldBe(29);
    }

    private static int Run(RequestBudget budget, int count, RequestClass kind = RequestClass.Submit)
    {
        int sent = 0;
        for (; sent < count && budget.TryTake(kind, out RequestTicket? ticket); sent++)
        {
            Use(ticket!);
        }

        return sent;
    }

    private static Task<RequestTicket>[] Wait(RequestBudget budget, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => budget.TakeAsync(RequestClass.Submit, CancellationToken.None))];

    private static void Answer(RequestBudget budget, RateLimitHints hints)
    {
        budget.TryTake(RequestClass.Submit, out RequestTicket? ticket).ShouldBeTrue();
        ticket!.Begin();
        ticket.End(hints);
    }

    private RequestBudget Process() => new(Clock, () => 0, new SharedStateInMemory(_store));
}
