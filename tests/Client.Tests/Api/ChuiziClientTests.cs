using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ChuiziClientTests : ClientTest
{
    [Fact]
    public void A_client_without_options_has_the_documented_ones()
    {
        ChuiziClientOptions options = new ChuiziClient(ApiConnection.Create("ck-" + new string('d', 32))).Options;

        options.Clock.ShouldBeSameAs(TimeProvider.System);
        options.Retries.ShouldBe(4);
        options.RateLimitRetries.ShouldBe(20);
        options.GetTimeout.ShouldBe(TimeSpan.FromSeconds(60));
        options.PostTimeout.ShouldBe(TimeSpan.FromSeconds(300));
        options.TracesBodies.ShouldBeFalse();
        options.StateFolder.ShouldBeNull();
        options.Refused.ShouldBeNull();
        options.Trace.ShouldBeNull();
    }

    [Fact]
    public async Task Each_call_is_one_request_with_its_own_method_and_path()
    {
        RawServer server = Serve(request =>
            RawReply.Json(request.Target == "/v1/models" ? """{"data":[]}""" : """{"id":"vid-1","status":"processing"}"""));
        ChuiziClient client = Connect(server.Address);

        await client.SubmitAsync(Request(), TestContext.Current.CancellationToken);
        await client.GetAsync("vid-1", TestContext.Current.CancellationToken);
        await client.GetModelsAsync(TestContext.Current.CancellationToken);
        await client.GetAccountAsync(TestContext.Current.CancellationToken);

        server.Requests.Select(request => $"{request.Method} {request.Target}").ShouldBe(
            ["POST /v1/videos/generations", "GET /v1/videos/vid-1", "GET /v1/models", "GET /v1/key/info"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60)]
    public void The_user_may_set_and_remove_a_limit(int limit)
    {
        ChuiziClient client = Unconnected();
        client.RequestsPerMinute.ShouldBeNull();

        client.LimitRequestsPerMinute(limit);
        client.RequestsPerMinute.ShouldBe(limit);

        client.LimitRequestsPerMinute(null);
        client.RequestsPerMinute.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_below_one_is_refused_and_changes_nothing(int limit)
    {
        ChuiziClient client = Unconnected();
        client.LimitRequestsPerMinute(30);

        ArgumentOutOfRangeException exception = Should.Throw<ArgumentOutOfRangeException>(() => client.LimitRequestsPerMinute(limit));

        exception.ParamName.ShouldBe("limit");
        exception.ActualValue.ShouldBe(limit);
        exception.Message.ShouldStartWith("The limit must be 1 or more.");
        client.RequestsPerMinute.ShouldBe(30);
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("null", null)]
    [InlineData("1", 1)]
    [InlineData("30", 30)]
    public async Task The_limit_of_the_account_applies_to_the_following_requests(string stated, int? limit)
    {
        RawServer server = Serve(_ => RawReply.Json($$"""{"rpm_limit":{{stated}}}"""));
        ChuiziClient client = Connect(server.Address);

        await client.GetAccountAsync(TestContext.Current.CancellationToken);

        client.RequestsPerMinute.ShouldBe(limit);
    }

    [Fact]
    public async Task The_limit_of_the_account_is_asked_for_once_after_a_refusal()
    {
        int posts = 0;
        RawServer server = Serve(request => request.Method == "GET" ? RawReply.Json("""{"rpm_limit":30}""")
            : Interlocked.Increment(ref posts) == 1 ? RawReply.Json("{}", 429)
            : RawReply.Json("""{"id":"vid-1"}"""));
        ChuiziClient client = Connect(server.Address);

        (await client.SubmitAsync(Request(), TestContext.Current.CancellationToken)).Id.ShouldBe("vid-1");

        await Eventually.IsAsync(() => client.RequestsPerMinute == 30, "the limit of the account applies");
        server.Requests.Count(request => request.Target == "/v1/key/info").ShouldBe(1);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("..", "'..'")]
    [InlineData("vid\n1", "'vid 1'")]
    public async Task An_invalid_id_is_reported_without_a_request_and_its_ticket_is_returned(string id, string quoted)
    {
        RawServer server = Serve(_ => RawReply.Json("""{"status":"processing"}"""));
        ChuiziClient client = Connect(server.Address);
        RequestTicket ticket = await client.Budget.TakeAsync(RequestClass.Poll, TestContext.Current.CancellationToken);
        client.Budget.UnderWay.ShouldBe(1);

        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => client.GetAsync(id, ticket, TestContext.Current.CancellationToken));

        exception.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound);
        exception.Message.ShouldBe($"{quoted} is not a valid video id.");
        exception.VideoId.ShouldBe(id);
        client.Budget.UnderWay.ShouldBe(0);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invalid_id_is_reported_without_a_ticket_as_well() =>
        (await Should.ThrowAsync<ChuiziException>(() => Unconnected().GetAsync(".", TestContext.Current.CancellationToken)))
            .Message.ShouldBe("'.' is not a valid video id.");

    [Theory]
    [InlineData(400)]
    [InlineData(406)]
    [InlineData(409)]
    [InlineData(451)]
    [InlineData(498)]
    public async Task A_client_error_is_a_rejection_of_the_submission(int status)
    {
        ChuiziException exception = await SubmitAsync(status, """{"error":{"message":"As said.","type":"t","code":"E-1"}}""");

        exception.Kind.ShouldBe(ChuiziErrorKind.RequestRejected);
        exception.Message.ShouldBe($"The API responded with HTTP {status}: As said.");
        exception.Status.ShouldBe(status);
        exception.InnerException.ShouldBeNull();
    }

    [Theory]
    [InlineData(200, ChuiziErrorKind.MalformedReply, "The API's response (application/json) has no id: As said.")]
    [InlineData(299, ChuiziErrorKind.MalformedReply, "The API's response (application/json) has no id: As said.")]
    [InlineData(
        399,
        ChuiziErrorKind.UnexpectedRedirect,
        "The API responded with a redirect (HTTP 399), which is not followed, because the API key must not be sent to another address.")]
    [InlineData(408, ChuiziErrorKind.RequestTimeout, "The API responded with HTTP 408: As said.")]
    [InlineData(499, ChuiziErrorKind.RequestRejected, "The API responded with HTTP 499: As said.")]
    [InlineData(500, ChuiziErrorKind.ServerError, "The API responded with HTTP 500: As said.")]
    [InlineData(503, ChuiziErrorKind.ServerError, "The API responded with HTTP 503: As said.")]
    public async Task An_unknown_outcome_has_the_details_of_the_response(int status, ChuiziErrorKind cause, string message)
    {
        ChuiziException exception = await SubmitAsync(status, """{"error":{"message":"As said.","type":"t","code":"E-1"}}""");

        exception.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        exception.Message.ShouldBe(message);
        exception.Status.ShouldBe(status);
        exception.Type.ShouldBe("t");
        exception.Code.ShouldBe("E-1");
        exception.RequestId.ShouldBe("theirs-1");
        exception.InnerException.ShouldBeOfType<ChuiziException>().Kind.ShouldBe(cause);
    }

    [Fact]
    public async Task A_refused_list_of_models_or_account_is_reported_with_the_words_of_the_API()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"error":{"message":"As said.","code":"ip_not_allowed"}}""", 403));
        ChuiziClient client = Connect(server.Address);
        foreach (Func<Task> call in new Func<Task>[]
        {
            () => client.GetModelsAsync(TestContext.Current.CancellationToken),
            () => client.GetAccountAsync(TestContext.Current.CancellationToken),
            () => client.GetAsync("vid-1", TestContext.Current.CancellationToken),
        })
        {
            ChuiziException exception = await Should.ThrowAsync<ChuiziException>(call);
            exception.Kind.ShouldBe(ChuiziErrorKind.AccessDenied);
            exception.Message.ShouldBe("The API responded with HTTP 403: As said.");
        }
    }

    [Fact]
    public async Task A_video_that_the_API_does_not_have_is_reported_with_its_id()
    {
        RawServer server = Serve(_ => RawReply.Json("""{"error":{"message":"As said.","code":"generation_not_found"}}""", 404));

        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => Connect(server.Address).GetAsync("vid-7", TestContext.Current.CancellationToken));

        exception.Kind.ShouldBe(ChuiziErrorKind.VideoNotFound);
        exception.VideoId.ShouldBe("vid-7");
        exception.Message.ShouldBe("Video not found: 'vid-7'. The API responded with HTTP 404: As said.");
    }

    /// <summary>A client that sends no request, because nothing listens at its address.</summary>
    private ChuiziClient Unconnected() => Connect(new Uri("http://127.0.0.1:9"));

    private async Task<ChuiziException> SubmitAsync(int status, string body)
    {
        RawServer server = Serve(_ => RawReply.Json(body, status, "X-Request-Id: theirs-1"));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.Address).SubmitAsync(Request(), TestContext.Current.CancellationToken));
        server.Requests.Count.ShouldBe(1);
        return exception;
    }
}
