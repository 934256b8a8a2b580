using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class GetRetryTests : ClientTest
{
    public static TheoryData<FaultKind, int> Passing =>
        [
            (FaultKind.Status, 408),
            (FaultKind.Status, 429),
            (FaultKind.Status, 500),
            (FaultKind.Status, 502),
            (FaultKind.Status, 503),
            (FaultKind.Status, 504),
            (FaultKind.StatusWithoutEnvelope, 429),
            (FaultKind.StatusWithoutEnvelope, 502),
            (FaultKind.StatusWithoutEnvelope, 599),
            (FaultKind.DropBeforeAcceptance, 0),
            (FaultKind.Truncated, 0),
        ];

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Get_retries_transient_failures(FaultKind kind, int status)
    {
        SandboxServer server = Start();
        ChuiziClient client = Connect(server);
        string id = (await client.SubmitAsync(Request(), CancellationToken.None)).Id;
        server.Faults.Add(new SandboxFault { Kind = kind, Status = status, At = 7, Route = SandboxRoute.Poll, Times = 4 });
        VideoState state = await client.GetAsync(id, CancellationToken.None);
        state.Status.ShouldBe(VideoStatus.Succeeded);
        server.Requests.Count(request => request.Route == SandboxRoute.Poll).ShouldBe(5);
        if (status != 429)
        {
            // After a 429 the budget waits as well, and longer.
            Leaping.Leaps.Select(leap => leap.TotalSeconds).ShouldBe([0.375, 0.75, 1.5, 3]);
        }
    }

    [Theory]
    [InlineData(FaultKind.Status, 408, ChuiziErrorKind.RequestTimeout)]
    [InlineData(FaultKind.Status, 429, ChuiziErrorKind.RateLimited)]
    [InlineData(FaultKind.Status, 500, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 502, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.DropBeforeAcceptance, 0, ChuiziErrorKind.Unreachable)]
    [InlineData(FaultKind.Truncated, 0, ChuiziErrorKind.Unreachable)]
    public async Task Get_gives_up_with_a_transient_error_after_the_last_retry(FaultKind kind, int status, ChuiziErrorKind expected)
    {
        SandboxServer server = Start();
        server.Faults.Add(
            new SandboxFault
            {
                Kind = kind,
                Status = status,
                Times = int.MaxValue,
            });
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server, retries: 2).GetAsync("vid-1", CancellationToken.None));
        exception.Kind.ShouldBe(expected);
        exception.IsTransient.ShouldBeTrue();
        exception.EndsTheRun.ShouldBeFalse();
        // After a 429, the limit of the key may be asked for as well.
        exception.RequestId.ShouldBe(server.Requests.Last(request => request.Route == SandboxRoute.Poll).RequestId);
        server.Requests.Count(request => request.Route == SandboxRoute.Poll).ShouldBe(3);
    }

    [Theory]
    [InlineData(FaultKind.Status, 400, ChuiziErrorKind.RequestRejected)]
    [InlineData(FaultKind.Status, 401, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(FaultKind.Status, 402, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(FaultKind.Status, 403, ChuiziErrorKind.ModelNotAllowed)]
    [InlineData(FaultKind.NotFound, 0, ChuiziErrorKind.VideoNotFound)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 404, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.StatusWithoutEnvelope, 403, ChuiziErrorKind.ServerError)]
    [InlineData(FaultKind.RedirectOtherOrigin, 302, ChuiziErrorKind.UnexpectedRedirect)]
    [InlineData(FaultKind.RedirectLoop, 308, ChuiziErrorKind.UnexpectedRedirect)]
    [InlineData(FaultKind.HtmlPage, 0, ChuiziErrorKind.MalformedReply)]
    [InlineData(FaultKind.MalformedJson, 0, ChuiziErrorKind.MalformedReply)]
    public async Task Get_does_not_retry_final_errors(FaultKind kind, int status, ChuiziErrorKind expected)
    {
        SandboxServer server = Start();
        ChuiziClient client = Connect(server);
        string id = (await client.SubmitAsync(Request(), CancellationToken.None)).Id;
        server.Faults.Add(new SandboxFault { Kind = kind, Status = status, Times = int.MaxValue });
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => client.GetAsync(id, CancellationToken.None));
        exception.Kind.ShouldBe(expected);
        server.Requests.Count(request => request.Method == "GET").ShouldBe(1);
        Leaping.Leaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_retries_after_a_timeout_and_then_throws_RequestTimeout()
    {
        SandboxServer server = Start(new SandboxOptions { Clock = new ManualClock(), Latency = TimeSpan.FromHours(1) });
        ManualClock clock = new();
        Task poll = Connect(server, clock, retries: 1).GetAsync("vid-1", CancellationToken.None);
        await Eventually.IsAsync(() => server.Requests.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(60));
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() == TimeSpan.FromSeconds(0.375));
        clock.Advance(TimeSpan.FromSeconds(0.375));
        await Eventually.IsAsync(() => server.Requests.Count == 2);
        clock.Advance(TimeSpan.FromSeconds(60));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(poll);
        exception.Kind.ShouldBe(ChuiziErrorKind.RequestTimeout);
        exception.Message.ShouldContain("60 s");
        clock.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public async Task A_body_that_arrives_too_slowly_is_a_timeout()
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, At = 3 });
        ManualClock clock = new();
        Task poll = Connect(server, clock, retries: 0).GetAsync("vid-1", CancellationToken.None);
        await Eventually.IsAsync(() => server.Requests is [{ BytesSent: 3 }]);
        clock.Advance(TimeSpan.FromSeconds(60));
        (await Should.ThrowAsync<ChuiziException>(poll)).Kind.ShouldBe(ChuiziErrorKind.RequestTimeout);
    }

    [Fact]
    public async Task Canceling_ends_a_request_or_a_delay_at_once()
    {
        SandboxServer server = Start(new SandboxOptions { Clock = new ManualClock(), Latency = TimeSpan.FromHours(1) });
        using CancellationTokenSource cancellation = new();
        Task poll = Connect(server).GetAsync("vid-1", cancellation.Token);
        await Eventually.IsAsync(() => server.Requests.Count == 1);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(poll);

        ManualClock clock = new();
        SandboxServer failing = Start();
        failing.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Times = int.MaxValue });
        using CancellationTokenSource second = new();
        Task delayed = Connect(failing, clock).GetAsync("vid-1", second.Token);
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(1));
        await second.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(delayed);
    }
}
