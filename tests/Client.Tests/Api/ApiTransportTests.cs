using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ApiTransportTests : ClientTest
{
    private const string Key = "ck-0123456789abcdef0123456789abcdef";
    private const string Submitted = """{"id":"vid-1","status":"processing"}""";

    // With 503, the gateway says in this way that it did not accept the request.
    private const string Busy = """{"error":{"message":"Busy.","code":"provider_unavailable"}}""";

    private readonly RequestBudget _budget;
    private readonly ConcurrentQueue<RequestTrace> _traces = new();
    private readonly ConcurrentQueue<ChuiziException> _refusals = new();
    private int _refused;

    public ApiTransportTests() => _budget = new RequestBudget(Leaping, () => 0);

    [Theory]
    [InlineData(406, 1)]
    [InlineData(408, 2)]
    [InlineData(409, 1)]
    [InlineData(428, 1)]
    [InlineData(429, 2)]
    [InlineData(430, 1)]
    [InlineData(499, 1)]
    [InlineData(500, 2)]
    [InlineData(501, 2)]
    public async Task Get_retries_a_status_that_may_change(int status, int requests)
    {
        RawServer server = Serve(_ => RawReply.Json(Busy, status));
        (await SendAsync(Transport(server.Address, retries: 1), "GET")).Status.ShouldBe(status);
        server.Requests.Count.ShouldBe(requests);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task The_ticket_of_the_caller_is_for_the_first_attempt_and_later_ones_take_their_own(string method)
    {
        int requests = 0;
        RawServer server = Serve(_ => ++requests == 1 ? RawReply.Json(Busy, 503) : RawReply.Json(Submitted));
        ApiTransport transport = Transport(server.Address, retries: 1);
        (await SendAsync(transport, method, Take(method))).Status.ShouldBe(200);
        server.Requests.Count.ShouldBe(2);
        Take(method).Number.ShouldBe(3);

        (await SendAsync(transport, method, Take(method))).Status.ShouldBe(200);
        (await SendAsync(transport, method)).Status.ShouldBe(200);
        Take(method).Number.ShouldBe(6);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_used_ticket_is_refused_before_anything_is_sent(string method)
    {
        RawServer server = Serve(_ => RawReply.Json(Submitted));
        RequestTicket ticket = Take(method);
        ticket.Begin();
        ticket.End();
        (await Should.ThrowAsync<InvalidOperationException>(() => SendAsync(Transport(server.Address), method, ticket)))
            .Message.ShouldBe("A ticket is good for one request.");
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_budget_learns_from_the_headers_of_a_response()
    {
        RawServer server = Serve(_ => RawReply.Json("{}", 200, "X-RateLimit-Limit: 7"));
        await SendAsync(Transport(server.Address), "GET");
        _budget.Limit.ShouldBe(7);
        _budget.UnderWay.ShouldBe(0);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_request_without_a_response_counts_because_the_server_may_have_counted_it(string method)
    {
        RawServer server = Serve(_ => new RawReply([], Close: true));
        _budget.UserLimit = 1;
        await Should.ThrowAsync<ChuiziException>(() => SendAsync(Transport(server.Address), method));
        _budget.UnderWay.ShouldBe(0);
        _budget.TryTake(RequestClass.Submit, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_submission_that_was_not_sent_does_not_count()
    {
        using Socket closed = Bind();
        _budget.UserLimit = 1;
        await Should.ThrowAsync<ChuiziException>(() => SendAsync(Transport(new Uri($"http://{closed.LocalEndPoint}")), "POST"));
        _budget.UnderWay.ShouldBe(0);
        _budget.TryTake(RequestClass.Submit, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_attempt_of_a_submission_is_sent_only_if_it_may_be(int allowed)
    {
        RawServer server = Serve(_ => RawReply.Json(Busy, 503));
        int asked = 0;
        OperationCanceledException exception = await Assert.ThrowsAsync<OperationCanceledException>(() =>
            Transport(server.Address, retries: 9)
                .PostAsync("/videos/generations", Body, null, CancellationToken.None, () => Task.FromResult(++asked <= allowed)));
        exception.Message.ShouldBe("The request may no longer be sent.");
        asked.ShouldBe(allowed + 1);
        server.Requests.Count.ShouldBe(allowed);
        _budget.UnderWay.ShouldBe(0);
    }

    [Fact]
    public async Task A_submission_that_is_canceled_before_its_attempt_opens_no_image()
    {
        RawServer server = Serve(_ => RawReply.Json(Submitted));
        using CancellationTokenSource cancellation = new();
        int bodies = 0;
        await Should.ThrowAsync<OperationCanceledException>(() => Transport(server.Address).PostAsync(
            "/videos/generations",
            () =>
            {
                bodies++;
                return Body();
            },
            null,
            cancellation.Token,
            async () =>
            {
                await cancellation.CancelAsync();
                return true;
            }));
        bodies.ShouldBe(0);
        server.Requests.ShouldBeEmpty();
        _budget.UnderWay.ShouldBe(0);
    }

    // The server accepts the connection, but never answers the TLS handshake.
    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Canceling_while_the_connection_opens_ends_a_submission_that_was_not_sent()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource cancellation = new();
        Task<ApiReply> submission = Transport(new Uri($"https://{listener.LocalEndpoint}"), retries: 9)
            .PostAsync("/videos/generations", Body, null, cancellation.Token);
        using TcpClient connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await connection.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        int timeouts = _traces.Count;

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(submission);
        _traces.Count.ShouldBe(timeouts, "the attempt must end at once, and not at its timeout");
        _budget.UnderWay.ShouldBe(0);
    }

    // With three retries, the fourth refusal ends the submission.
    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(7, 1)]
    public async Task Refusals_of_the_whole_process_count_as_attempts(int before, int requests)
    {
        for (int refusal = 0; refusal < before; refusal++)
        {
            await UseAsync(RequestClass.Submit, new RateLimitHints(Refused: true));
        }

        RawServer server = Serve(_ => RawReply.Json(Busy, 429));
        (await SendAsync(Transport(server.Address, rateLimitRetries: 3), "POST")).Status.ShouldBe(429);
        server.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task A_submission_ends_after_its_retries_even_if_other_requests_are_accepted()
    {
        int requests = 0;
        RawServer server = Serve(_ => ++requests <= 10 ? RawReply.Json(Busy, 429) : RawReply.Json(Submitted));
        ApiReply reply = await Transport(server.Address, rateLimitRetries: 3).PostAsync(
            "/videos/generations",
            Body,
            null,
            CancellationToken.None,
            async () =>
            {
                await UseAsync(RequestClass.Other, new RateLimitHints(Refused: false));
                return true;
            });
        reply.Status.ShouldBe(429);
        server.Requests.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("GET", 429, 2)]
    [InlineData("POST", 429, 2)]
    [InlineData("GET", 503, 0)]
    [InlineData("POST", 503, 0)]
    public async Task Only_a_429_that_is_retried_is_reported_as_a_refusal(string method, int status, int reports)
    {
        RawServer server = Serve(_ => RawReply.Json(Busy, status));
        (await SendAsync(Transport(server.Address, retries: 2, rateLimitRetries: 2), method)).Status.ShouldBe(status);
        server.Requests.Count.ShouldBe(3);
        _refused.ShouldBe(reports);
        _refusals.Count.ShouldBe(reports);
        _refusals.ShouldAllBe(refusal => refusal.Kind == ChuiziErrorKind.RateLimited
            && refusal.Message == "The API responded with HTTP 429: Busy.");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_connection_that_cannot_be_opened_is_retried_and_is_not_a_refusal(string method)
    {
        using Socket closed = Bind();
        string address = $"http://{closed.LocalEndPoint}";
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            SendAsync(Transport(new Uri(address), retries: 2, tracesBodies: true), method));
        exception.Kind.ShouldBe(ChuiziErrorKind.Unreachable);
        _traces.Select(trace => trace.Attempt).ShouldBe([1, 2, 3]);
        _traces.ShouldAllBe(trace => trace.Status == null && trace.Sent == null && trace.Received == null);
        RequestTrace last = _traces.Last();
        last.Failure.ShouldNotBeNullOrEmpty();
        exception.Message.ShouldBe($"{address} cannot be reached: {last.Failure}");
        exception.RequestId.ShouldBe(last.RequestId);
        _refused.ShouldBe(0);
        _refusals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", ChuiziErrorKind.Unreachable, "cannot be reached")]
    [InlineData("POST", ChuiziErrorKind.SubmissionOutcomeUnknown, "closed the connection before responding")]
    public async Task A_closed_connection_is_described_with_its_reason(string method, ChuiziErrorKind kind, string what)
    {
        RawServer server = Serve(_ => new RawReply([], Close: true));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            SendAsync(Transport(server.Address, tracesBodies: true), method));
        RequestTrace trace = _traces.ShouldHaveSingleItem();
        trace.Status.ShouldBeNull();
        trace.Failure.ShouldNotBeNullOrEmpty();
        trace.Sent.ShouldBe(method == "POST" ? server.Requests[0].Text : null);
        trace.Received.ShouldBeNull();
        exception.Kind.ShouldBe(kind);
        exception.Message.ShouldBe($"{server.Address.OriginalString} {what}: {trace.Failure}");
        exception.RequestId.ShouldBe(server.Requests[0].Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData("GET", 60, ChuiziErrorKind.RequestTimeout)]
    [InlineData("POST", 300, ChuiziErrorKind.SubmissionOutcomeUnknown)]
    public async Task A_request_without_a_response_ends_at_its_timeout(string method, int seconds, ChuiziErrorKind kind)
    {
        RawServer server = Serve(_ => null);
        ManualClock clock = new();
        Task<ApiReply> request = SendAsync(Transport(server.Address, clock: clock), method);
        await Eventually.IsAsync(() => server.Requests.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
        request.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromTicks(1));

        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(request);
        exception.Kind.ShouldBe(kind);
        exception.Message.ShouldBe($"No response from {server.Address.OriginalString} within {seconds} s.");
        exception.RequestId.ShouldBe(server.Requests[0].Headers["X-Request-Id"]);
        _traces.ShouldHaveSingleItem().ShouldBe(new RequestTrace(
            method,
            method == "GET" ? "/videos/vid-1" : "/videos/generations",
            1,
            null,
            TimeSpan.FromSeconds(seconds),
            exception.RequestId,
            "timed out"));
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    public async Task Bodies_are_traced_only_on_request(string method, bool tracesBodies)
    {
        RawServer server = Serve(_ => RawReply.Json(Submitted));
        ApiReply reply = await SendAsync(Transport(server.Address, tracesBodies: tracesBodies), method);
        RequestTrace trace = _traces.ShouldHaveSingleItem();
        trace.Method.ShouldBe(method);
        trace.Status.ShouldBe(200);
        trace.Failure.ShouldBeNull();
        trace.RequestId.ShouldBe(reply.RequestId);
        trace.Sent.ShouldBe(tracesBodies && method == "POST" ? server.Requests[0].Text : null);
        trace.Received.ShouldBe(tracesBodies ? Submitted : null);
    }

    [Fact]
    public async Task An_empty_body_is_not_traced()
    {
        RawServer server = Serve(_ => RawReply.Of(200, []));
        await SendAsync(Transport(server.Address, tracesBodies: true), "GET");
        _traces.ShouldHaveSingleItem().Bodies.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_has_what_the_response_says()
    {
        RawServer server = Serve(_ => RawReply.Of(
            307,
            "moved"u8.ToArray(),
            "Content-Type: text/plain; charset=utf-8",
            "Location: https://elsewhere.example/v1",
            "Retry-After: 7"));
        ApiReply reply = await SendAsync(Transport(server.Address), "GET");
        reply.Status.ShouldBe(307);
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe("moved");
        reply.ContentType.ShouldBe("text/plain");
        reply.Location.ShouldBe(new Uri("https://elsewhere.example/v1"));
        reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "x")]
    [InlineData("POST", "")]
    [InlineData("POST", "x")]
    public async Task A_response_needs_no_headers(string method, string body)
    {
        RawServer server = Serve(_ => RawReply.Of(200, Encoding.UTF8.GetBytes(body)));
        ApiReply reply = await SendAsync(Transport(server.Address), method);
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe(body);
        reply.ContentType.ShouldBeNull();
        reply.Location.ShouldBeNull();
        reply.RetryAfter.ShouldBeNull();
        reply.RequestId.ShouldBe(server.Requests[0].Headers["X-Request-Id"]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task A_request_id_of_the_server_has_up_to_200_characters(int length, bool isRead)
    {
        string theirs = new('x', length);
        RawServer server = Serve(_ => RawReply.Json("{}", 200, $"X-Request-Id: {theirs}"));
        (await SendAsync(Transport(server.Address), "GET")).RequestId
            .ShouldBe(isRead ? theirs : server.Requests[0].Headers["X-Request-Id"]);
    }

    private static Task<ApiReply> SendAsync(ApiTransport transport, string method, RequestTicket? ticket = null) => method == "GET"
        ? transport.GetAsync("/videos/vid-1", RequestClass.Poll, ticket, CancellationToken.None)
        : transport.PostAsync("/videos/generations", Body, ticket, CancellationToken.None);

    private static RequestBody Body() => RequestBody.Of(Request());

    /// <summary>A port of this machine that refuses connections, and that no other program can open meanwhile.</summary>
    private static Socket Bind()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private RequestTicket Take(string method)
    {
        _budget.TryTake(method == "GET" ? RequestClass.Poll : RequestClass.Submit, out RequestTicket? ticket).ShouldBeTrue();
        return ticket.ShouldNotBeNull();
    }

    private async Task UseAsync(RequestClass kind, RateLimitHints hints)
    {
        using RequestTicket ticket = await _budget.TakeAsync(kind, CancellationToken.None);
        ticket.Begin();
        ticket.End(hints);
    }

    private ApiTransport Transport(
        Uri address, int retries = 0, int rateLimitRetries = 0, ManualClock? clock = null, bool tracesBodies = false)
    {
        ChuiziClientOptions options = new()
        {
            Clock = (TimeProvider?)clock ?? Leaping,
            Random = () => 0.5,
            Retries = retries,
            RateLimitRetries = rateLimitRetries,
            GetTimeout = clock is null ? Forever : TimeSpan.FromSeconds(60),
            PostTimeout = clock is null ? Forever : TimeSpan.FromSeconds(300),
            Refused = _refusals.Enqueue,
            Trace = _traces.Enqueue,
            TracesBodies = tracesBodies,
        };
        return new ApiTransport(ApiConnection.Create(Key, address.OriginalString), options, _budget)
        {
            Refused = () => Interlocked.Increment(ref _refused),
        };
    }
}
