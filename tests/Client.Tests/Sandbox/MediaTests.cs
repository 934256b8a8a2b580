using System.Net;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class MediaTests : SandboxTest
{
    [Fact]
    public async Task A_video_is_available_once_its_job_has_succeeded()
    {
        SandboxClient client = Start();
        string id = await client.MakeAsync();
        string refused = await client.MakeAsync("""{"model":"google/veo-3.1-lite","prompt":"forbidden"}""");
        (await StatusAsync(id)).ShouldBe(HttpStatusCode.NotFound);
        Clock.Advance(TimeSpan.FromSeconds(2));
        (await StatusAsync(id)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(refused)).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync("nothing")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(client.Server.Jobs[0].GenerationId)).ShouldBe(HttpStatusCode.NotFound);
        using HttpResponseMessage post = await client.SendAsync(HttpMethod.Post, $"/videos/{id}.mp4");
        post.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

        async Task<HttpStatusCode> StatusAsync(string asked)
        {
            using HttpResponseMessage response = await client.GetAsync($"/videos/{asked}.mp4");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task GET_and_HEAD_agree()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage get = await client.GetAsync($"/videos/{id}.mp4");
        using HttpResponseMessage head = await client.SendAsync(HttpMethod.Head, $"/videos/{id}.mp4");
        byte[] file = await get.Content.ReadAsByteArrayAsync();
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        foreach (HttpResponseMessage response in new[] { get, head })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("video/mp4");
            response.Content.Headers.ContentLength.ShouldBe(file.Length);
            response.Content.Headers.LastModified.ShouldBe(Clock.GetUtcNow());
            response.Headers.AcceptRanges.ShouldBe(["bytes"]);
            response.Headers.ETag!.IsWeak.ShouldBeFalse();
        }

        head.Headers.ETag.ShouldBe(get.Headers.ETag);
        RecordedRequest[] requests = [.. client.Server.Requests.Where(request => request.Origin == "media")];
        requests.Select(request => request.BytesSent).ShouldBe([file.Length, 0]);
        requests.ShouldAllBe(request =>
            !request.Headers.ContainsKey("Authorization") && request.VideoId == id && request.Route == SandboxRoute.Media);
    }

    [Fact]
    public async Task A_changed_file_has_another_ETag_and_is_still_a_valid_video()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage before = await client.GetAsync($"/videos/{id}.mp4");
        using HttpResponseMessage changed = await client.GetAsync(
            $"/videos/{id}.mp4",
            "changed-etag",
            ("Range", "bytes=1-"),
            ("If-Range", before.Headers.ETag!.ToString()));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage after = await client.GetAsync($"/videos/{id}.mp4");
        changed.Headers.ETag.ShouldNotBe(before.Headers.ETag);
        after.Headers.ETag.ShouldBe(changed.Headers.ETag);
        byte[] bytes = await after.Content.ReadAsByteArrayAsync();
        bytes.ShouldNotBe(await before.Content.ReadAsByteArrayAsync());
        Mp4File.Read(bytes).Seconds.ShouldBe(5m);
    }

    [Fact]
    public async Task A_range_may_be_ignored_or_rejected()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage ignored = await client.GetAsync($"/videos/{id}.mp4", "range-ignored", ("Range", "bytes=10-"));
        ignored.StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage refused = await client.GetAsync($"/videos/{id}.mp4", "range-not-satisfiable", ("Range", "bytes=10-"));
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        refused.Content.Headers.ContentRange!.Length.ShouldBe(ignored.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("wrong-length; at=1000", 1000)]
    [InlineData("wrong-length", null)]
    public async Task A_wrong_length_is_a_complete_HTTP_response(string fault, int? length)
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        byte[] file = await (await client.GetAsync($"/videos/{id}.mp4")).Content.ReadAsByteArrayAsync();
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", fault);
        byte[] part = await response.Content.ReadAsByteArrayAsync();
        part.ShouldBe(file[..(length ?? (file.Length / 2))]);
        response.Content.Headers.ContentLength.ShouldBe(part.Length);
    }

    [Fact]
    public async Task A_truncated_download_has_the_bytes_up_to_that_point()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using RawClient raw = await RawClient.ConnectAsync(client.Server.MediaAddress);
        await raw.SendAsync(
            $"GET /videos/{id}.mp4 HTTP/1.1\r\nHost: x\r\nRange: bytes=100-\r\nX-Sandbox-Fault: truncated; at=50000\r\n\r\n");
        string answer = await raw.ReadToEndAsync();
        answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Length.ShouldBe(50_000);
        client.Server.Requests[^1].Status.ShouldBe(206);
        client.Server.Requests[^1].BytesSent.ShouldBe(50_000);
    }

    [Fact]
    public async Task Media_faults_have_no_error_envelope()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", "status; status=403");
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task Media_latency_is_separate()
    {
        SandboxClient client = Start(
            new SandboxOptions
            {
                Clock = Clock,
                GenerationTime = TimeSpan.Zero,
                MediaLatency = TimeSpan.FromSeconds(9),
            });
        string id = await client.MakeAsync();
        Task<HttpResponseMessage> get = client.GetAsync($"/videos/{id}.mp4");
        await Clock.WaitForTimersAsync();
        get.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromSeconds(9));
        (await get).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
