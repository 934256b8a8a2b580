using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class SubmitStoppingTests : ClientTest
{
    [Fact]
    public async Task Nothing_is_sent_after_cancellation()
    {
        SandboxServer server = Start();
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Connect(server).SubmitAsync(Request(), new CancellationToken(canceled: true)));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_submission_in_flight_completes_because_its_response_has_the_id()
    {
        ManualClock serverClock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = serverClock });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(5) });
        using CancellationTokenSource cancellation = new();
        Task<VideoState> submission = Connect(server).SubmitAsync(Request(), cancellation.Token);
        await serverClock.WaitForTimersAsync();

        await cancellation.CancelAsync();
        submission.IsCompleted.ShouldBeFalse();
        serverClock.Advance(TimeSpan.FromSeconds(5));
        (await submission).Id.ShouldBe(server.Jobs.Single().Id);
    }

    [Fact]
    public async Task Canceling_ends_the_delay_between_attempts()
    {
        ManualClock clock = new();
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 429, Times = int.MaxValue });
        using CancellationTokenSource cancellation = new();
        Task<VideoState> submission = Connect(server, clock).SubmitAsync(Request(), cancellation.Token);
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(1));

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(submission);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Submit_backs_off_exponentially_and_honors_Retry_After()
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 429, Route = SandboxRoute.Submit, Times = 3 });
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = 429, Route = SandboxRoute.Submit, RetryAfter = TimeSpan.FromSeconds(42),
        });
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = 503, Route = SandboxRoute.Submit, RetryAfter = TimeSpan.FromSeconds(43),
        });
        await Connect(server, retries: 9).SubmitAsync(Request(), CancellationToken.None);
        // The budget of the process waits as well, for pauses of its own.
        double[] delays = [0.375, 0.75, 1.5, 42.125, 43.125];
        Leaping.Leaps.Select(leap => leap.TotalSeconds).Where(delays.Contains).ShouldBe(delays);
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        ManualClock clock = new();
        RawServer server = Serve(_ => RawReply.Json("{}", 429, $"Retry-After: {clock.GetUtcNow().AddSeconds(90):r}"));
        using CancellationTokenSource cancellation = new();
        Task submission = Connect(server.Address, clock: clock).SubmitAsync(Request(), cancellation.Token);
        await Eventually.IsAsync(() =>
            server.Requests.Count == 1 && clock.PendingTimers >= 1 && clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(100));
        // The delay of the request, or that of the whole process.
        (clock.NextDue - clock.GetUtcNow())!.Value.TotalSeconds.ShouldBeInRange(90, 90.125);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(submission);
    }
}
