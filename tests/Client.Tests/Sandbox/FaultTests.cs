using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Every kind of fault, as the client sees it.</summary>
public sealed class FaultTests : SandboxTest
{
    [Theory]
    [InlineData(FaultKind.DropBeforeAcceptance, false)]
    [InlineData(FaultKind.DropAfterAcceptance, true)]
    public async Task A_drop_resets_the_connection_without_a_response(FaultKind kind, bool accepted)
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = kind, Route = SandboxRoute.Submit });
        HttpRequestException exception = await Should.ThrowAsync<HttpRequestException>(() => client.SubmitAsync());
        InnerMost(exception)
            .ShouldBeOfType<System.Net.Sockets.SocketException>()
            .SocketErrorCode.ShouldBe(System.Net.Sockets.SocketError.ConnectionReset);
        RecordedRequest request = client.Server.Requests.Single();
        request.Status.ShouldBeNull();
        request.Fault.ShouldBe(kind.ToString());
        request.Accepted.ShouldBe(accepted);
        client.Server.Jobs.Count.ShouldBe(accepted ? 1 : 0);
        client.Server.Balance.ShouldBe(accepted ? 99.85m : 100m);
    }

    [Theory]
    [InlineData(FaultKind.Status, 0, HttpStatusCode.InternalServerError, "internal_error", false)]
    [InlineData(FaultKind.Status, 503, HttpStatusCode.ServiceUnavailable, "provider_unavailable", false)]
    [InlineData(FaultKind.Status, 429, HttpStatusCode.TooManyRequests, "rate_limit_exceeded", false)]
    [InlineData(FaultKind.StatusAfterAcceptance, 504, HttpStatusCode.GatewayTimeout, "provider_timeout", true)]
    [InlineData(FaultKind.NotFound, 0, HttpStatusCode.NotFound, "not_found", false)]
    public async Task A_status_fault_has_the_error_envelope(FaultKind kind, int status, HttpStatusCode expected, string code, bool accepted)
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = kind, Status = status, RetryAfter = TimeSpan.FromSeconds(1.5) });
        using HttpResponseMessage response = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(response, expected)).Code.ShouldBe(code);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        client.Server.Jobs.Count.ShouldBe(accepted ? 1 : 0);
        client.Server.Requests.Single().Status.ShouldBe((int)expected);
    }

    [Fact]
    public async Task The_envelope_has_the_requested_code_and_message()
    {
        SandboxClient client = StartWith(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 403,
                Code = "ip_not_allowed",
                Message = "Not from \"here\"",
            });
        using HttpResponseMessage response = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.Forbidden)).ShouldBe(("ip_not_allowed", "Not from \"here\""));
    }

    [Theory]
    [InlineData(null, "text/html", "<h1>502")]
    [InlineData("empty", null, "")]
    [InlineData("flat", "application/json", """{"code":502,"message":"Bad Gateway"}""")]
    public async Task A_proxy_fault_has_no_error_envelope(string? word, string? type, string body)
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.StatusWithoutEnvelope, Word = word });
        using HttpResponseMessage response = await client.SubmitAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (response.Content.Headers.ContentType?.MediaType).ShouldBe(type);
        string received = await response.Content.ReadAsStringAsync();
        received.ShouldContain(body);
        (received.Length == 0).ShouldBe(body.Length == 0);
        client.Server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_status_after_acceptance_can_have_no_error_envelope()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.StatusAfterAcceptance, Status = 503, Word = "flat" });
        using HttpResponseMessage response = await client.SubmitAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"code":503,"message":"Service Unavailable"}""");
        client.Server.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Slow_waits_on_the_clock_after_processing()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.Slow, Delay = TimeSpan.FromMinutes(5) });
        Task<string> submit = client.MakeAsync();
        await Clock.WaitForTimersAsync();
        client.Server.Jobs.Count.ShouldBe(1);
        submit.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromMinutes(5));
        (await submit).ShouldBe(client.Server.Jobs[0].Id);
    }

    [Fact]
    public async Task Malformed_JSON_is_a_complete_HTTP_response()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.MalformedJson });
        using HttpResponseMessage response = await client.SubmitAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        string text = await response.Content.ReadAsStringAsync();
        text.ShouldStartWith("{\"id\":");
        Should.Throw<JsonException>(() => JsonNode.Parse(text));
        client.Server.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_HTML_page_has_status_200()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.HtmlPage });
        using HttpResponseMessage response = await client.SubmitAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        client.Server.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Truncated_ends_before_the_Content_Length()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.Truncated, At = 11 });
        using RawClient raw = await AskSubmitAsync(client);
        string answer = await raw.ReadToEndAsync();
        answer.ShouldEndWith("\r\n\r\n{\"id\":\"vid-");
        answer.ShouldContain("Content-Length: 2");
        client.Server.Jobs.Count.ShouldBe(1);
        client.Server.Requests.Single().BytesSent.ShouldBe(11);
    }

    [Fact]
    public async Task Stalled_keeps_the_connection_open_until_its_delay_is_over()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.Stalled, At = 11, Delay = TimeSpan.FromMinutes(1) });
        using RawClient raw = await AskSubmitAsync(client);
        (await raw.ReadAsync(text => text.EndsWith("{\"id\":\"vid-", StringComparison.Ordinal))).ShouldNotBeEmpty();
        await Clock.WaitForTimersAsync();
        client.Server.OpenConnections.ShouldBe(1);
        client.Server.ActiveRequests.ShouldBe(1);
        Clock.Advance(TimeSpan.FromMinutes(1));
        (await raw.ReadToEndAsync()).ShouldBeEmpty();
        await Eventually.IsAsync(() => client.Server.OpenConnections == 0 && client.Server.ActiveRequests == 0);
    }

    [Fact]
    public async Task Stalled_ends_when_the_client_disconnects()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.Stalled });
        using (RawClient raw = await AskSubmitAsync(client))
        {
            (await raw.ReadAsync(text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal))).ShouldNotBeEmpty();
            client.Server.ActiveRequests.ShouldBe(1);
        }

        await Eventually.IsAsync(() => client.Server.OpenConnections == 0 && client.Server.ActiveRequests == 0);
        Clock.PendingTimers.ShouldBe(0);
    }

    [Theory]
    [InlineData(FaultKind.RedirectOtherOrigin, 0, null, 307)]
    [InlineData(FaultKind.RedirectOtherOrigin, 302, "https://example.com/x", 302)]
    [InlineData(FaultKind.RedirectHttp, 0, null, 307)]
    [InlineData(FaultKind.RedirectHttp, 308, "http://example.com/x", 308)]
    public async Task Redirect_faults_lead_to_another_origin(FaultKind kind, int status, string? location, int expected)
    {
        SandboxClient client = StartWith(
            new SandboxFault
            {
                Kind = kind,
                Status = status,
                Location = location is null ? null : new Uri(location),
            });
        using HttpResponseMessage response = await client.SubmitAsync();
        ((int)response.StatusCode).ShouldBe(expected);
        string target = location ?? (kind == FaultKind.RedirectHttp
            ? "http://media.chuizi.invalid/v1/videos/generations"
            : client.Server.MediaAddress + "v1/videos/generations");
        response.Headers.Location!.AbsoluteUri.ShouldBe(target);
        client.Server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_may_be_relative()
    {
        SandboxClient client = StartWith(
            new SandboxFault { Kind = FaultKind.RedirectOtherOrigin, Location = new Uri("/elsewhere?a=b", UriKind.Relative) });
        using HttpResponseMessage response = await client.GetAsync("/models");
        response.Headers.Location!.OriginalString.ShouldBe("/elsewhere?a=b");
    }

    [Fact]
    public async Task A_media_redirect_leads_to_the_same_file_under_another_host()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", "redirect-other-origin");
        response.Headers.Location!.Host.ShouldBe("localhost");
        using var http = new HttpClient();
        using HttpResponseMessage file = await http.GetAsync(response.Headers.Location);
        file.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_redirect_loop_never_ends()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.RedirectLoop });
        Uri address = new(client.Server.BaseAddress + "/models?a=b");
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = true,
                MaxAutomaticRedirections = 5,
                UseProxy = false,
            });
        using HttpResponseMessage response = await http.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.TemporaryRedirect);
        client.Server.Requests.Count.ShouldBe(6);
        client.Server.Requests[5].Path.ShouldBe("/v1/models?a=b&sandbox-loop=1");
    }

    [Theory]
    [InlineData(null, "queued")]
    [InlineData("rendering", "rendering")]
    public async Task A_poll_may_return_an_unfamiliar_status(string? word, string expected)
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord, Word = word });
        (await client.PollAsync(id))["status"]!.GetValue<string>().ShouldBe(expected);
        (await client.PollAsync(id))["status"]!.GetValue<string>().ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_poll_may_return_the_older_shape()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.LegacyShape });
        JsonObject body = await client.PollAsync(id);
        body["status"]!.GetValue<string>().ShouldBe("completed");
        body["output"]!["video_url"]!.GetValue<string>().ShouldEndWith(".mp4");
    }

    private SandboxClient StartWith(SandboxFault fault)
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(fault);
        return client;
    }

    private static async Task<RawClient> AskSubmitAsync(SandboxClient client)
    {
        RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync(
            $"POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.Key}\r\nContent-Length: "
                + $"{SandboxClient.Body.Length}\r\n\r\n{SandboxClient.Body}");
        return raw;
    }

    private static Exception InnerMost(Exception exception) =>
        exception.InnerException is null ? exception : InnerMost(exception.InnerException);

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task ContentCoding_sends_the_response_in_a_coding(string? word)
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.ContentCoding, Word = word });
        using HttpResponseMessage response = await client.SendAsync(HttpMethod.Get, "/key/info");
        response.Content.Headers.ContentEncoding.Single().ShouldBe(word ?? "gzip");
        byte[] coded = await response.Content.ReadAsByteArrayAsync();
        byte[] plain = ContentCodings.Decode(coded, [word ?? "gzip"], null, 100_000).ToArray();
        System.Text.Encoding.UTF8.GetString(plain).ShouldContain("balance");
    }

    [Fact]
    public async Task ErrorAsSuccess_creates_no_job()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.ErrorAsSuccess, Code = "validation_error", Message = "no" });
        using HttpResponseMessage response = await client.SubmitAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"validation_error\"");
        client.Server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task StaleConnection_closes_the_connection_after_a_response_that_keeps_it_open()
    {
        SandboxClient client = StartWith(new SandboxFault { Kind = FaultKind.StaleConnection });
        using RawClient raw = await RawClient.ConnectAsync(client.Server.BaseAddress);
        await raw.SendAsync($"GET /v1/key/info HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {client.Server.ApiKey}\r\n\r\n");
        string all = await raw.ReadToEndAsync();
        all.ShouldStartWith("HTTP/1.1 200");
        all.ShouldNotContain("Connection: close");
    }

    [Fact]
    public async Task MissingUrl_withholds_the_address_of_a_finished_video_once()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.MissingUrl });
        (await client.PollAsync(id)).ToJsonString().ShouldNotContain(".mp4");
        (await client.PollAsync(id)).ToJsonString().ShouldContain(".mp4");
    }
}
