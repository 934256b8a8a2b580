using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Budget;

public sealed class RequestBudgetTests : BudgetTest
{
    [Fact]
    public void Without_a_limit_no_request_is_delayed()
    {
        Run(RequestClass.Submit, 5000).ShouldBe(5000);
        Run(RequestClass.Poll, 5000).ShouldBe(5000);
        Budget.Limit.ShouldBeNull();
        Clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public void A_limit_learned_late_counts_earlier_requests()
    {
        Run(RequestClass.Submit, 7);
        Move(59);
        Budget.State(10);
        Run(RequestClass.Submit, 5).ShouldBe(3);
        Move(1);
        Run(RequestClass.Submit, 10).ShouldBe(7);
    }

    [Fact]
    public void A_request_leaves_the_window_60_seconds_after_its_end()
    {
        Budget.UserLimit = 1;
        RequestTicket ticket = Take(RequestClass.Submit)!;
        ticket.Begin();
        Move(300);
        Take(RequestClass.Submit).ShouldBeNull("it is still in progress");
        ticket.End();
        Move(59.999);
        Take(RequestClass.Submit).ShouldBeNull();
        Move(0.001);
        Take(RequestClass.Submit).ShouldNotBeNull();
    }

    [Fact]
    public void An_unused_ticket_returns_its_slot()
    {
        Budget.UserLimit = 1;
        Take(RequestClass.Submit)!.Dispose();
        RequestTicket unsent = Take(RequestClass.Submit)!;
        unsent.Begin();
        unsent.Return();
        RequestTicket sent = Take(RequestClass.Submit)!;
        sent.Begin();
        sent.Dispose();
        Budget.UnderWay.ShouldBe(1, "its holder has gone, its request has not");
        sent.End();
        sent.Return();
        sent.End();
        Budget.UnderWay.ShouldBe(0);
        Take(RequestClass.Submit).ShouldBeNull();
        Should.Throw<InvalidOperationException>(sent.Begin);
    }

    [Theory]
    [InlineData(60, 48, 12)]
    [InlineData(10, 8, 2)]
    [InlineData(9, 7, 2)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 1, 0)]
    public void While_polls_are_expected_submissions_leave_them_a_fifth(int limit, int submits, int polls)
    {
        Budget.UserLimit = limit;
        using (Budget.ExpectPolls())
        {
            Run(RequestClass.Submit, limit).ShouldBe(submits);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            // Polls are paced, so they go one after another.
            RunPaced(RequestClass.Poll, limit, TimeSpan.FromSeconds(55)).ShouldBe(polls);
            Run(RequestClass.Submit, limit).ShouldBe(0);
        }
    }

    [Fact]
    public void The_reserved_fifth_is_released_when_no_more_polls_are_expected()
    {
        Budget.UserLimit = 10;
        PollExpectation expectation = Budget.ExpectPolls();
        Run(RequestClass.Submit, 10).ShouldBe(8);
        Task<RequestTicket> waiting = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        expectation.Dispose();
        expectation.Dispose();
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task Submissions_take_precedence_over_earlier_polls()
    {
        Budget.UserLimit = 2;
        Run(RequestClass.Other, 2);
        Task<RequestTicket> poll = Budget.TakeAsync(RequestClass.Poll, CancellationToken.None);
        Task<RequestTicket> submit = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        Take(RequestClass.Poll).ShouldBeNull();
        Move(60);
        (await submit).Number.ShouldBeLessThan((await poll).Number);
    }

    [Fact]
    public async Task With_a_limit_of_one_a_poll_follows_a_submission_that_was_not_sent()
    {
        Budget.UserLimit = 1;
        RequestTicket unsent = Take(RequestClass.Submit)!;
        Task<RequestTicket> poll = Budget.TakeAsync(RequestClass.Poll, CancellationToken.None);
        unsent.Dispose();
        poll.IsCompleted.ShouldBeFalse("another submission may follow");
        Move(1);
        (await poll.WaitAsync(Eventually.Patience)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Requests_of_one_class_are_served_in_order()
    {
        Budget.UserLimit = 5;
        Run(RequestClass.Submit, 5);
        Task<RequestTicket>[] waiting =
        [
            .. Enumerable.Range(0, 5).Select(_ => Budget.TakeAsync(RequestClass.Submit, CancellationToken.None)),
        ];
        Move(60);
        (await Task.WhenAll(waiting)).Select(ticket => ticket.Number).ShouldBeInOrder();
        Clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public async Task A_few_polls_run_at_once_and_the_others_spread_over_the_window()
    {
        Budget.UserLimit = 60;
        DateTimeOffset start = Clock.GetUtcNow();
        Run(RequestClass.Poll, 60).ShouldBe(15);
        List<double> times = [];
        while (Clock.GetUtcNow() < start + TimeSpan.FromMinutes(10))
        {
            Task<RequestTicket> next = Budget.TakeAsync(RequestClass.Poll, CancellationToken.None);
            while (!next.IsCompleted)
            {
                Clock.Advance(Clock.NextDue!.Value - Clock.GetUtcNow());
            }

            Use(await next);
            times.Add((Clock.GetUtcNow() - start).TotalSeconds);
        }

        // The effect of the first burst fades: from then on the window is used up, without long gaps between polls.
        times.Count(time => time >= 120).ShouldBeInRange(470, 481);
        times
            .Where(time => time >= 240)
            .Zip(times.Where(time => time >= 240).Skip(1), (left, right) => right - left)
            .Max()
            .ShouldBeLessThan(7);
    }

    [Fact]
    public void While_submissions_wait_polls_get_only_their_share()
    {
        Budget.UserLimit = 60;
        using PollExpectation expectation = Budget.ExpectPolls();
        Run(RequestClass.Submit, 60).ShouldBe(48);
        Task<RequestTicket> submit = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        Run(RequestClass.Poll, 60).ShouldBe(3);
        RunPaced(RequestClass.Poll, 60, TimeSpan.FromSeconds(59)).ShouldBe(9);
        submit.IsCompleted.ShouldBeFalse();
        Move(10);
        submit.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Model_and_account_requests_are_counted_but_never_delayed()
    {
        Budget.UserLimit = 3;
        Run(RequestClass.Other, 10).ShouldBe(10);
        Run(RequestClass.Submit, 1).ShouldBe(0);
        Move(60);
        Run(RequestClass.Submit, 5).ShouldBe(3);
        Answer(Refused with { RetryAfter = TimeSpan.FromMinutes(5) }, RequestClass.Other);
        Run(RequestClass.Other, 1).ShouldBe(1);
    }

    [Fact]
    public async Task A_canceled_request_passes_its_turn_on_and_leaves_no_timer()
    {
        Budget.UserLimit = 1;
        Run(RequestClass.Submit, 1);
        using CancellationTokenSource cancellation = new();
        Task<RequestTicket> first = Budget.TakeAsync(RequestClass.Submit, cancellation.Token);
        Task<RequestTicket> second = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await Should.ThrowAsync<OperationCanceledException>(Budget.TakeAsync(RequestClass.Submit, cancellation.Token));
        Move(60);
        (await second).Dispose();

        Run(RequestClass.Submit, 1);
        using CancellationTokenSource other = new();
        Task<RequestTicket> third = Budget.TakeAsync(RequestClass.Poll, other.Token);
        Clock.PendingTimers.ShouldBe(1);
        await other.CancelAsync();
        Clock.PendingTimers.ShouldBe(0);
        await Should.ThrowAsync<OperationCanceledException>(third);
        Budget.NextPoll.ShouldBeNull();
    }

    [Fact]
    public void A_new_user_limit_applies_at_once_to_waiting_requests()
    {
        Budget.UserLimit = 1;
        Run(RequestClass.Submit, 1);
        Task<RequestTicket> waiting = Budget.TakeAsync(RequestClass.Submit, CancellationToken.None);
        Budget.UserLimit = 2;
        waiting.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Clients_share_a_budget_only_for_the_same_key_and_origin()
    {
        const string Key = "ck-0123456789abcdef0123456789abcdef";
        RequestBudget budget = Of(Key, "https://api.example/v1", Clock);
        Of(Key, "https://api.example", Clock).ShouldBeSameAs(budget);
        Of("ck-fedcba9876543210fedcba9876543210", "https://api.example/v1", Clock).ShouldNotBeSameAs(budget);
        Of(Key, "https://other.example/v1", Clock).ShouldNotBeSameAs(budget);
        Of(Key, "https://api.example/v1", new ManualClock()).ShouldNotBeSameAs(budget);
        ApiConnection.Create(Key).Identity.ShouldNotContain(Key[3..], Case.Insensitive);

        static RequestBudget Of(string key, string address, TimeProvider clock) =>
            new ChuiziClient(ApiConnection.Create(key, address), new ChuiziClientOptions { Clock = clock }).Budget;
    }
}
