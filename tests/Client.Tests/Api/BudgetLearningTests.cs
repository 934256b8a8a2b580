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
    public void A_429_with_Retry_After_stops_all_requests_until_then()
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
    public void An_estimated_limit_grows_by_a_tenth_after_a_full_minute_without_a_429()
    {
        Run(RequestClass.Submit, 20);
        Answer(Refused);
        Budget.Limit.ShouldBe(20);
        List<int> sent = [];
        for (int minute = 0; minute < 4; minute++)
        {
            Move(60);
            sent.Add(Run(RequestClass.Submit, 100));
        }

        sent.ShouldBe([22, 24, 26, 28]);
        Answer(Refused);
        Budget.Limit.ShouldBe(28, "as many were accepted");

        // The limit stays where it is while fewer requests are sent than it allows.
        for (int minute = 0; minute < 10; minute++)
        {
            Move(60);
            Run(RequestClass.Submit, 5);
        }

        Budget.Limit.ShouldBe(30);
    }

    [Fact]
    public void A_429_on_the_first_request_allows_one_a_minute_until_the_server_states_a_limit()
    {
        Answer(Refused);
        Budget.Limit.ShouldBe(1);
        Run(RequestClass.Submit, 5).ShouldBe(1);
        Answer(new RateLimitHints(false, Limit: 60), RequestClass.Other);
        Budget.Limit.ShouldBe(60);
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
