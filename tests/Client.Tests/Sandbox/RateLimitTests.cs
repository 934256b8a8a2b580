using System.Globalization;
using System.Net;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class RateLimitTests : SandboxTest
{
    [Fact]
    public async Task The_window_slides_over_submissions_and_polls()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, RequestsPerMinute = 3 });
        DateTimeOffset start = Clock.GetUtcNow();
        string id = await client.MakeAsync();
        Clock.Advance(TimeSpan.FromSeconds(20));
        await client.PollAsync(id);
        await client.PollAsync(id);

        using HttpResponseMessage refused = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(refused, HttpStatusCode.TooManyRequests)).Code.ShouldBe("rate_limit_exceeded");
        Header(refused, "X-RateLimit-Limit").ShouldBe(3);
        Header(refused, "X-RateLimit-Remaining").ShouldBe(0);
        Header(refused, "X-RateLimit-Reset").ShouldBe(start.AddSeconds(60).ToUnixTimeSeconds());
        Header(refused, "Retry-After").ShouldBe(40);

        // Rejected requests do not count, or the window would never open.
        Clock.Advance(TimeSpan.FromSeconds(39.999));
        (await client.GetAsync("/videos/" + id)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        await client.PollAsync(id);
        (await client.GetAsync("/videos/" + id)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        client.Server.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Other_requests_do_not_count_but_report_the_remaining_requests()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, RequestsPerMinute = 2 });
        await client.MakeAsync();
        foreach (string path in new[] { "/models", "/key/info", "/generation?id=none", "/nowhere" })
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            Header(response, "X-RateLimit-Remaining").ShouldBe(1);
        }

        using HttpResponseMessage last = await client.SubmitAsync();
        Header(last, "X-RateLimit-Remaining").ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_limit_there_are_no_rate_limit_headers()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync();
        response.Headers.Contains("X-RateLimit-Limit").ShouldBeFalse();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Simultaneous_requests_never_exceed_the_limit()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, RequestsPerMinute = 25 });
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.SubmitAsync()));
        responses.Count(response => response.StatusCode == HttpStatusCode.OK).ShouldBe(25);
        client.Server.Jobs.Count.ShouldBe(25);
        client.Server.Requests.Count(request => request.Accepted).ShouldBe(25);
    }

    private static long Header(HttpResponseMessage response, string name) =>
        long.Parse(response.Headers.GetValues(name).Single(), CultureInfo.InvariantCulture);
}
