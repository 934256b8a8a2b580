using Chuizi.Video.Client.Budget;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class BudgetLearningTests : BudgetTest
{
    [Theory]
    [InlineData(null, 60, 60)]
    [InlineData(40, 60, 40)]
    [InlineData(80, 60, 60)]
    [InlineData(80, null, 80)]
    public void The_lower_of_user_limit_and_server_limit_applies(int? user, int? stated, int expected)
    {
        Budget.UserLimit = user;
        Answer(new RateLimitHints(false, Limit: stated));
        Budget.Limit.ShouldBe(expected);
        (Run(RequestClass.Submit, 100) + 1).ShouldBe(expected);
        Budget.UserLimit = null;
        Budget.Limit.ShouldBe(stated);
    }

    [Fact]
    public void The_server_may_change_the_limit()
    {
        Budget.State(60);
        Answer(new RateLimitHints(false, Limit: 30));
        Budget.Limit.ShouldBe(30);
        Budget.State(90);
        Budget.Limit.ShouldBe(90);
    }

    [Fact]
    public async Task A_429_with_Retry_After_stops_all_requests_until_then()
    {
        Answer(Refused with { RetryAfter = TimeSpan.FromSeconds(90) });
        Budget.Limit.ShouldBeNull("it states a time, not a limit");
        Take(RequestClass.Poll).ShouldBeNull();
        Task<RequestTicket> submit = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        Move(89);
        // A shorter wait does not replace a longer one.
        Answer(Refused with { RetryAfter = TimeSpan.FromMilliseconds(5) }, RequestClass.Other);
        submit.IsCompleted.ShouldBeFalse();
        Move(1);
        submit.IsCompletedSuccessfully.ShouldBeTrue();
        Take(RequestClass.Poll).ShouldBeNull("one at a time");
        Use(await submit);
        Take(RequestClass.Poll).ShouldNotBeNull();
    }

    [Fact]
    public void An_unreasonable_Retry_After_is_limited()
    {
        Answer(Refused with { RetryAfter = TimeSpan.FromDays(7) });
        Move(RetryDelay.LongestRetryAfter.TotalSeconds);
        Take(RequestClass.Submit).ShouldNotBeNull();
    }

    [Fact]
    public void A_429_without_hints_sets_the_limit_to_the_accepted_count()
    {
        RequestTicket[] underWay = [.. Enumerable.Range(0, 16).Select(_ => Take(RequestClass.Submit)!)];
        Array.ForEach(underWay, ticket => ticket.Begin());
        Array.ForEach(underWay[..3], ticket => ticket.End());
        Array.ForEach(underWay[10..], ticket => ticket.End(Refused));
        Array.ForEach(underWay[3..10], ticket => ticket.End());
        Budget.Limit.ShouldBe(10);
        Take(RequestClass.Submit).ShouldBeNull();
    }

    [Fact]
    public void An_estimated_limit_holds_for_a_minute_and_longer_when_it_is_confirmed()
    {
        Run(RequestClass.Submit, 20);
        Answer(Refused);
        Budget.Limit.ShouldBe(20);
        Move(59);
        Run(RequestClass.Submit, 100).ShouldBe(0);
        Move(1);
        Run(RequestClass.Submit, 20).ShouldBe(20);
        Move(1);
        Answer(Refused);

        // The second refusal confirms the estimate, which now holds for two minutes.
        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(20);
        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(100, "more are tried, one by one");
        Budget.Limit.ShouldBe(100, "as many were accepted");
    }

    [Fact]
    public void Requests_beyond_an_estimated_limit_go_two_at_a_time()
    {
        Run(RequestClass.Submit, 200);
        Answer(Refused);
        Move(60);
        // The refusal lets one more request in progress per 8 accepted ones.
        Run(RequestClass.Submit, 200).ShouldBe(200);
        RequestTicket first = Take(RequestClass.Submit)!;
        first.Begin();
        RequestTicket second = Take(RequestClass.Submit)!;
        second.Begin();
        Take(RequestClass.Submit).ShouldBeNull();
        first.End();
        Take(RequestClass.Submit).ShouldNotBeNull();
        Take(RequestClass.Submit).ShouldBeNull();
        // A response that does not come must not stop everything.
        Move(5);
        Take(RequestClass.Submit).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_429_on_the_first_request_says_nothing_of_the_limit_and_pauses_twice_as_long_each_time()
    {
        List<double> pauses = [];
        for (int refusal = 0; refusal < 6; refusal++)
        {
            Answer(Refused);
            Budget.Limit.ShouldBeNull();
            DateTimeOffset start = Clock.GetUtcNow();
            Task<RequestTicket> ticket = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
            while (!ticket.IsCompleted)
            {
                Move(0.5);
            }

            pauses.Add((Clock.GetUtcNow() - start).TotalSeconds);
            (await ticket).Dispose();
        }

        pauses.ShouldBe([2, 4, 8, 16, 30, 30]);
        RequestTicket accepted = Take(RequestClass.Submit)!;
        Take(RequestClass.Submit).ShouldBeNull("one at a time");
        accepted.Begin();
        accepted.End(new RateLimitHints(false));
        Run(RequestClass.Submit, 100).ShouldBe(100, "each is accepted before the next");
    }

    [Fact]
    public void A_429_of_a_stated_limit_waits_until_the_oldest_known_request_leaves_the_window()
    {
        Budget.State(60);
        Run(RequestClass.Submit, 1);
        Move(20);
        Run(RequestClass.Submit, 9);
        Answer(Refused);
        Move(39);
        Take(RequestClass.Submit).ShouldBeNull();
        Move(1);
        Run(RequestClass.Submit, 100).ShouldBe(1);
        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(60);
    }

    [Fact]
    public void No_requests_remaining_without_a_stated_limit_means_a_full_window()
    {
        Run(RequestClass.Submit, 9);
        Answer(new RateLimitHints(false, Remaining: 0));
        Budget.Limit.ShouldBe(10);
        Take(RequestClass.Submit).ShouldBeNull();
        Move(60);
        Take(RequestClass.Submit).ShouldNotBeNull();
    }

    [Fact]
    public void A_429_while_requests_remain_does_not_fill_the_window()
    {
        Budget.State(60);
        Run(RequestClass.Submit, 5);
        Answer(Refused with { Remaining = 40 });
        Move(2);
        Run(RequestClass.Submit, 100).ShouldBe(55);
    }

    [Fact]
    public void Requests_of_other_clients_of_the_key_count_for_one_minute()
    {
        Run(RequestClass.Submit, 10);
        Answer(new RateLimitHints(false, Limit: 60, Remaining: 29));
        Run(RequestClass.Submit, 60).ShouldBe(29);
        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(60);
    }

    [Fact]
    public void Concurrent_responses_count_requests_of_other_clients_once()
    {
        RequestTicket[] underWay = [.. Enumerable.Range(0, 16).Select(_ => Take(RequestClass.Submit)!)];
        Array.ForEach(underWay, ticket => ticket.Begin());
        for (int index = 0; index < underWay.Length; index++)
        {
            // Twenty requests belong to another client of the key.
            underWay[index].End(new RateLimitHints(false, Limit: 60, Remaining: 60 - 20 - (index + 1)));
        }

        Run(RequestClass.Submit, 100).ShouldBe(60 - 20 - 16);
    }

    [Fact]
    public void An_unlimited_limit_does_not_overflow()
    {
        Run(RequestClass.Submit, 2);
        for (int answer = 0; answer < 5; answer++)
        {
            Answer(new RateLimitHints(false, Limit: int.MaxValue, Remaining: 0), RequestClass.Other);
        }

        Move(60);
        Run(RequestClass.Submit, 100).ShouldBe(100);
    }

    [Fact]
    public void Late_or_reordered_responses_do_not_invent_other_clients()
    {
        Budget.State(60);
        RequestTicket slow = Take(RequestClass.Submit)!;
        slow.Begin();
        RequestTicket[] others = [.. Enumerable.Range(0, 9).Select(_ => Take(RequestClass.Submit)!)];
        Array.ForEach(others, ticket => ticket.Begin());
        others[8].End(new RateLimitHints(false, 60, 50));
        others[0].End(new RateLimitHints(false, 60, 51));
        Array.ForEach(others[1..8], ticket => ticket.End());
        Move(61);
        // The response counts requests that have left the window by now.
        slow.End(new RateLimitHints(false, 60, 50));
        Run(RequestClass.Submit, 100).ShouldBe(59);
    }
}
