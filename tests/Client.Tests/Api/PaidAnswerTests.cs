using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>What a response to a submission says is never lost, and a refusal is only what certainly is one.</summary>
public sealed class PaidAnswerTests : ClientTest
{
    [Theory]
    [InlineData("""{"error":{"message":"Content policy violation","type":"invalid_request_error"}}""", "Content policy violation")]
    [InlineData("""{"code":1102,"message":"Account balance not enough"}""", "Account balance not enough")]
    [InlineData("""{"error":{"message":"overloaded","code":"503"}}""", "overloaded")]
    [InlineData("""{"error":"in a text"}""", "in a text")]
    [InlineData("""{"errors":[{"message":"one"},{"message":"two"}]}""", "one; two")]
    [InlineData("""{"failure_reason":"moderation"}""", "moderation")]
    [InlineData("""{"code":0,"message":"ok"}""", """{"code":0,"message":"ok"}""")]
    [InlineData("""{"ticket":"T-17"}""", """{"ticket":"T-17"}""")]
    [InlineData("""{"error":{"message":"slow down","code":"rate_limit_exceeded"},"job":{"id":"vid-9"}}""", "\"job\":{\"id\":\"vid-9\"}")]
    [InlineData("""{"error":{"message":"bad","code":"validation_error"}} {"id":"vid-9"}""", "{\"id\":\"vid-9\"}")]
    [InlineData("""{"error":{"message":"late","code":"provider_timeout","type":"validation_error"}}""", "late")]
    [InlineData("<html>maintenance</html>", "<html>maintenance</html>")]
    public async Task Without_an_id_the_outcome_is_unknown_in_the_APIs_words(string body, string words)
    {
        ChuiziException exception = await SubmitAsync(RawReply.Json(body));
        exception.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        exception.Message.ShouldContain(words);
        exception.RequestId.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(504, """{"id":"vid-9","error":{"message":"timed out"}}""", "timed out; response: {\"id\":\"vid-9\",")]
    [InlineData(200, """{"code":1,"message":"queued","ticket":"T-17"}""", "queued; response: {\"code\":1,\"message\":\"queued\",\"ticket\"")]
    [InlineData(302, """{"job":"J-9"}""", "; response: {\"job\":\"J-9\"} (application/json); location: '/v1/videos/vid-9'")]
    [InlineData(302, "Found", "another address; location: '/v1/videos/vid-9'")]
    [InlineData(302, """{"job":"J-9""", "; response: {\"job\":\"J-9 (")]
    [InlineData(302, """["J-9"]""", "; response: [\"J-9\"] (")]
    [InlineData(503, """{"error":{"message":"m","code":"503","ticket":"T-1"}}""", "; response: {\"error\":{\"message\":\"m\",\"code\":\"503\",\"ticket\":\"T-1\"}}")]
    [InlineData(503, """{"error":{"message":"m","code":"503"}} {"id":"vid-9"}""", "; response: {\"error\":{\"message\":\"m\",\"code\":\"503\"}} {\"id\":\"vid-9\"}")]
    [InlineData(504, """{"error":{"message":"late"},"request_id":"req-9"}""", "late; response: {\"error\":{\"message\":\"late\"},\"request_id\":\"req-9\"}")]
    [InlineData(409, """{"id":"vid-9","error":{"message":"duplicate","code":"conflict"}}""", "duplicate; response: {\"id\":\"vid-9\",")]
    [InlineData(402, """{"data":{"id":"vid-9"},"error":{"message":"no money"}}""", "no money; response: {\"data\":{\"id\":\"vid-9\"}")]
    [InlineData(429, """{"id":"vid-9","error":{"message":"queued","code":"rate_limit_exceeded"}}""", "queued; response: {\"id\":\"vid-9\",")]
    public async Task What_else_an_unusable_response_says_is_kept(int status, string body, string words)
    {
        string[] headers = status == 302 ? ["Location: /v1/videos/vid-9"] : [];
        ChuiziException exception = await SubmitAsync(RawReply.Json(body, status, headers));
        exception.Kind.ShouldBe(ChuiziErrorKind.SubmissionOutcomeUnknown);
        exception.Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_long_address_of_a_job_is_kept_whole_without_the_key()
    {
        string id = "vid-" + new string('9', 200);
        string key = SandboxServer.DefaultApiKey;
        ChuiziException exception = await SubmitAsync(RawReply.Json("", 303, $"Location: https://api.example/v1/videos/{id}?k=x%3D{key}"));
        exception.Message.ShouldContain($"/v1/videos/{id}?k=x%3D");
        exception.Message.ShouldNotContain(key);
    }

    [Fact]
    public async Task An_id_that_is_only_in_an_address_is_read_unchanged()
    {
        string[] headers = ["Location: https://ck-gateway01.internal/v1/videos/ck-abcdefgh12"];
        RawServer server = Serve(_ => RawReply.Json("{}", 201, headers));
        (await Connect(server.Address).SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("ck-abcdefgh12");
    }

    [Fact]
    public async Task A_rejection_that_has_only_the_id_of_the_request_is_one()
    {
        string body = """{"id":"req-7","error":{"message":"bad","code":"validation_error"}}""";
        ChuiziException exception = await SubmitAsync(RawReply.Json(body, 400, "X-Request-Id: req-7"));
        exception.Kind.ShouldBe(ChuiziErrorKind.RequestRejected);
    }

    [Fact]
    public async Task A_response_that_is_only_an_error_is_not_repeated() =>
        (await SubmitAsync(RawReply.Json("""{"error":{"message":"timed out","code":"504"}}""", 504))).Message
            .ShouldBe("The API responded with HTTP 504: timed out");

    [Theory]
    [InlineData("""{"error":{"message":"bad","code":"validation_error"}}""", ChuiziErrorKind.RequestRejected)]
    [InlineData("""{"error":{"message":"bad","type":"validation_error","code":"1"}}""", ChuiziErrorKind.RequestRejected)]
    [InlineData("""{"code":"insufficient_balance","message":"bad"}""", ChuiziErrorKind.InsufficientBalance)]
    [InlineData("""{"error":{"message":"bad","code":"invalid_api_key"}}""", ChuiziErrorKind.InvalidApiKey)]
    [InlineData("""{"error":{"message":"bad","code":"model_not_allowed"}}""", ChuiziErrorKind.ModelNotAllowed)]
    [InlineData("""{"error":{"message":"bad","code":"model_not_found"}}""", ChuiziErrorKind.ModelNotFound)]
    [InlineData("""{"error":{"message":"bad","code":"daily_limit_exceeded"}}""", ChuiziErrorKind.DailyLimitExceeded)]
    public async Task The_name_of_a_4xx_error_is_a_refusal(string body, ChuiziErrorKind kind)
    {
        ChuiziException exception = await SubmitAsync(RawReply.Json(body));
        exception.Kind.ShouldBe(kind);
        exception.Message.ShouldContain("bad");
    }

    [Fact]
    public async Task A_long_response_is_cut_and_its_secrets_are_masked()
    {
        string body = $$"""{"note":"Bearer abcdefghijklmnop0123456789","x":"{{new string('x', 5000)}}"}""";
        ChuiziException exception = await SubmitAsync(RawReply.Json(body));
        exception.Message.ShouldNotContain("abcdefghijklmnop");
        exception.Message.Length.ShouldBeLessThan(800);
    }

    [Theory]
    [InlineData("insufficient_quota")]
    [InlineData("insufficient_balance")]
    [InlineData("billing_hard_limit_reached")]
    public async Task A_429_about_a_quota_ends_the_run_at_once(string code)
    {
        string body = $$$"""{"error":{"message":"You exceeded your current quota","code":"{{{code}}}"}}""";
        RawServer server = Serve(_ => RawReply.Json(body, 429));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.Address).SubmitAsync(Request(), CancellationToken.None));
        exception.EndsTheRun.ShouldBeTrue();
        exception.Message.ShouldContain("You exceeded your current quota");
        (await Should.ThrowAsync<ChuiziException>(() => Connect(server.Address).GetAsync("vid-1", CancellationToken.None)))
            .EndsTheRun.ShouldBeTrue();
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_reason_of_each_refusal_is_reported()
    {
        int requests = 0;
        // The key info is requested after the first refusal.
        RawServer server = Serve(request => request.Method == "GET" ? RawReply.Json("{}", 404)
            : ++requests <= 2 ? RawReply.Json("""{"error":{"message":"Too many requests","code":"rate_limit_exceeded"}}""", 429)
            : RawReply.Json("""{"id":"vid-1"}"""));
        List<string> reasons = [];
        ChuiziClient client = new(
            ApiConnection.Create("ck-" + new string('a', 32), server.Address.OriginalString),
            new ChuiziClientOptions { Clock = Leaping, Refused = refusal => reasons.Add(refusal.Message), PostTimeout = Forever });
        (await client.SubmitAsync(Request(), CancellationToken.None)).Id.ShouldBe("vid-1");
        reasons.Count.ShouldBe(2);
        reasons.ShouldAllBe(reason => reason.Contains("Too many requests"));
    }

    [Fact]
    public async Task A_Retry_After_date_is_read_against_the_time_of_the_response()
    {
        int requests = 0;
        RawServer server = Serve(_ => ++requests == 1
            ? RawReply.Json("{}", 503, "Date: Fri, 01 Jan 2010 00:00:00 GMT", "Retry-After: Fri, 01 Jan 2010 00:00:20 GMT")
            : RawReply.Json("""{"id":"vid-1","status":"processing"}"""));
        await Connect(server.Address).GetAsync("vid-1", CancellationToken.None);
        Leaping.Leaps.Single(leap => leap < TimeSpan.FromHours(1)).TotalSeconds.ShouldBeInRange(20, 20.5);
    }

    // On a connection that the server is just closing, the outcome of a submission would be unknown.
    [Fact]
    public async Task Each_submission_opens_its_own_connection_and_polls_share_one()
    {
        ConcurrentDictionary<string, int> connections = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, connections);
        ChuiziClient client = Connect(new Uri($"http://{listener.LocalEndpoint}"));
        for (int number = 0; number < 5; number++)
        {
            await client.SubmitAsync(Request(), CancellationToken.None);
            await client.GetAsync("vid-1", CancellationToken.None);
        }

        listener.Stop();
        await serving;
        connections.Count(connection => connection.Key.StartsWith("POST", StringComparison.Ordinal)).ShouldBe(5);
        connections.Count(connection => connection.Key.StartsWith("GET", StringComparison.Ordinal)).ShouldBe(1);
    }

    private static async Task ServeAsync(TcpListener listener, ConcurrentDictionary<string, int> connections)
    {
        int number = 0;
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync();
                int own = ++number;
                _ = Task.Run(async () =>
                {
                    using (client)
                    using (NetworkStream stream = client.GetStream())
                    {
                        byte[] buffer = new byte[64 * 1024];
                        StringBuilder text = new();
                        while (await stream.ReadAsync(buffer) is > 0 and int count)
                        {
                            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
                            string request = text.ToString();
                            int end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                            bool isPost = request.StartsWith("POST", StringComparison.Ordinal);
                            if (end < 0 || (isPost && !request.EndsWith('}')))
                            {
                                continue;
                            }

                            text.Clear();
                            connections.AddOrUpdate($"{request.Split(' ')[0]} {own}", 1, (_, all) => all + 1);
                            const string Body = """{"id":"vid-1","status":"processing"}""";
                            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
                        }
                    }
                });
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has stopped the server.
        }
    }

    private async Task<ChuiziException> SubmitAsync(RawReply reply)
    {
        RawServer server = Serve(_ => reply);
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.Address).SubmitAsync(Request(), CancellationToken.None));
        server.Requests.Count.ShouldBe(1);
        return exception;
    }
}
