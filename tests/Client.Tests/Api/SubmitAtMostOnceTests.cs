using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>The most important promise: no submission is billed twice.</summary>
public sealed class SubmitAtMostOnceTests : ClientTest
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> cases = [];
            foreach (string name in SubmitCase.All.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    // HttpClient retries some requests by itself on a connection that it has used before.
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_submission_is_sent_again_only_if_it_was_certainly_not_accepted(string name, bool onUsedConnection)
    {
        SubmitCase expected = SubmitCase.All[name];
        SandboxServer server = Start();
        ChuiziClient client = Connect(server, retries: SubmitCase.Retries, rateLimitRetries: SubmitCase.RateLimitRetries);
        if (onUsedConnection)
        {
            await client.GetAccountAsync(CancellationToken.None);
        }

        Array.ForEach(expected.Faults, server.Faults.Add);
        VideoState? state = null;
        ChuiziException? failure = null;
        try
        {
            state = await client.SubmitAsync(Request(), CancellationToken.None);
        }
        catch (ChuiziException exception)
        {
            failure = exception;
        }

        RecordedRequest[] posts = [.. server.Requests.Where(request => request.Method == "POST")];
        (failure?.Kind).ShouldBe(expected.Kind);
        (state is null).ShouldBe(expected.Kind is not null);
        posts.Length.ShouldBe(expected.Posts);
        server.Jobs.Count.ShouldBe(expected.Jobs);
        server.Requests.Count(request => request.Origin == "media").ShouldBe(0);
        // Only the last request may be accepted: nothing may be sent after that.
        posts[..^1].ShouldAllBe(request => !request.Accepted);
        (state?.Id).ShouldBe(state is null ? null : server.Jobs.Single().Id);
        (state?.RequestId ?? failure?.RequestId).ShouldBe(posts[^1].RequestId);
        // A 429 without hints makes the budget wait as well.
        Leaping.Leaps.Count.ShouldBeGreaterThanOrEqualTo(expected.Posts - 1);
    }

    [Fact]
    public async Task An_unknown_outcome_includes_the_API_error()
    {
        SandboxServer server = Start();
        server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.StatusAfterAcceptance,
                Status = 504,
                Message = "Gave up.",
            });
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server).SubmitAsync(Request(), CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        exception.Status.ShouldBe(504);
        exception.Code.ShouldBe("provider_timeout");
        exception.Type.ShouldBe("api_error");
        exception.Message.ShouldContain("Gave up.");
        exception.IsTransient.ShouldBeFalse();
    }

    [Theory]
    [InlineData(FaultKind.Slow)]
    [InlineData(FaultKind.Stalled)]
    public async Task A_submission_timeout_is_an_unknown_outcome_and_not_retried(FaultKind kind)
    {
        ManualClock standing = new();
        SandboxServer server = Start(new SandboxOptions { Clock = standing });
        server.Faults.Add(new SandboxFault { Kind = kind, Delay = TimeSpan.FromHours(1), At = 3 });
        ManualClock clock = new();
        Task<VideoState> submission = Connect(server, clock).SubmitAsync(Request(), CancellationToken.None);
        await Eventually.IsAsync(() => server.Jobs.Count == 1);

        clock.Advance(TimeSpan.FromSeconds(299));
        submission.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<ChuiziException>(submission.WaitAsync(Eventually.Patience))).Kind.ShouldBe(
            ChuiziErrorKind.SubmissionOutcomeUnknown);
        server.Requests.Count.ShouldBe(1);
        clock.PendingTimers.ShouldBe(0);
    }

    // Only the id is required, with any 2xx status.
    [Theory]
    [InlineData(200, """{"id":"vid-1"}""")]
    [InlineData(201, """{"id":"vid-1","status":null}""")]
    [InlineData(202, """{"id":"vid-1","status":"queued","extra":[1]}""")]
    [InlineData(200, """{"data":{"id":"vid-1","status":"processing"}}""")]
    public async Task A_response_with_an_id_is_a_submitted_job(int status, string body)
    {
        RawServer server = Serve(_ => RawReply.Json(body, status));
        VideoState state = await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None);
        state.Id.ShouldBe("vid-1");
        state.Status.ShouldBe(VideoStatus.Processing);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(204, "")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(200, """{"id":null}""")]
    [InlineData(200, """{"id":" "}""")]
    [InlineData(200, """{"id":{"value":"vid-1"}}""")]
    [InlineData(200, """{"id":"\ud800"}""")]
    [InlineData(503, """{"error":"upstream connect error"}""")]
    [InlineData(503, """{"error":{"message":"no healthy upstream"}}""")]
    public async Task A_response_without_an_id_is_an_unknown_outcome(int status, string body)
    {
        RawServer server = Serve(_ => RawReply.Json(body, status));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.Address).SubmitAsync(Request(), CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        exception.Status.ShouldBe(status);
        server.Requests.Count.ShouldBe(1);
    }
}
