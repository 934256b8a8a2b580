using System.Net;
using System.Text.Json.Nodes;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class PollTests : SandboxTest
{
    [Fact]
    public async Task A_job_finishes_on_the_clock()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, GenerationTime = TimeSpan.FromSeconds(45) });
        string id = await client.MakeAsync();
        long created = Clock.GetUtcNow().ToUnixTimeSeconds();
        Clock.Advance(TimeSpan.FromSeconds(44.999));
        JsonObject body = await client.PollAsync(id);
        body.ToJsonString().ShouldBe($$"""{"id":"{{id}}","status":"processing","created":{{created}}}""");
        client.Server.Jobs.Single().Status.ShouldBe("processing");

        Clock.Advance(TimeSpan.FromMilliseconds(1));
        body = await client.PollAsync(id);
        string url = $"{client.Server.MediaAddress}videos/{id}.mp4";
        body.ToJsonString()
            .ShouldBe(
                $$"""{"id":"{{id}}","status":"succeeded","model":"google/veo-3.1-lite","url":"{{url}}","video_url":"{{url}}","cost":"0.15000000","latency_ms":45000,"created":{{created}}}"""
            );
        client.Server.Jobs.Single().Status.ShouldBe("succeeded");
    }

    [Theory]
    [InlineData(SandboxResultShape.Legacy, "completed", false, false, true)]
    [InlineData(SandboxResultShape.UrlOnly, "succeeded", true, false, false)]
    [InlineData(SandboxResultShape.VideoUrlOnly, "succeeded", false, true, false)]
    public async Task Other_shapes_have_the_URL_elsewhere(SandboxResultShape shape, string status, bool url, bool videoUrl, bool output)
    {
        (SandboxClient client, string id) = await StartFinishedAsync(new SandboxOptions { Clock = Clock, Shape = shape });
        JsonObject body = await client.PollAsync(id);
        body["status"]!.GetValue<string>().ShouldBe(status);
        body.ContainsKey("url").ShouldBe(url);
        body.ContainsKey("video_url").ShouldBe(videoUrl);
        body.ContainsKey("output").ShouldBe(output);
        (body["url"] ?? body["video_url"] ?? body["output"]!["video_url"])!.GetValue<string>().ShouldEndWith($"/videos/{id}.mp4");
    }

    [Theory]
    [InlineData("A Forbidden thing", true)]
    [InlineData("forbidden", true)]
    [InlineData("unforbidden things", false)]
    public async Task Moderation_fails_the_job_and_refunds_it(string prompt, bool fails)
    {
        SandboxClient client = Start();
        string id = await client.MakeAsync($$"""{"model":"google/veo-3.1","prompt":"{{prompt}}","duration":8}""");
        (await client.PollAsync(id))["status"]!.GetValue<string>().ShouldBe("processing");
        client.Server.Balance.ShouldBe(96.8m);
        Clock.Advance(TimeSpan.FromSeconds(2));
        JsonObject body = await client.PollAsync(id);
        body["status"]!.GetValue<string>().ShouldBe(fails ? "failed" : "succeeded");
        client.Server.Balance.ShouldBe(fails ? 100m : 96.8m);
        if (fails)
        {
            body["error"]!.ToJsonString().ShouldBe("""{"message":"Content policy violation","type":"invalid_request_error"}""");
        }
    }

    [Fact]
    public async Task An_unknown_id_is_not_found()
    {
        SandboxClient client = Start();
        await client.MakeAsync();
        foreach (string id in new[] { "nothing", client.Server.Jobs[0].GenerationId, "a%2Fb" })
        {
            using HttpResponseMessage response = await client.GetAsync("/videos/" + id);
            (await SandboxClient.ErrorAsync(response, HttpStatusCode.NotFound)).Code.ShouldBe("generation_not_found");
        }
    }

    [Fact]
    public async Task Generation_times_depend_on_the_seed()
    {
        TimeSpan[][] times = [await Draw(1), await Draw(1), await Draw(2)];
        times[0].ShouldBe(times[1]);
        times[0].ShouldNotBe(times[2]);
        times[0].Distinct().Count().ShouldBe(20);
        times.SelectMany(drawn => drawn).ShouldAllBe(time => time >= TimeSpan.FromSeconds(10) && time <= TimeSpan.FromSeconds(30));

        async Task<TimeSpan[]> Draw(int seed)
        {
            SandboxClient client = Start(new SandboxOptions
            {
                Clock = Clock,
                Seed = seed,
                GenerationTime = TimeSpan.FromSeconds(10),
                GenerationTimeMaximum = TimeSpan.FromSeconds(30),
            });
            for (int index = 0; index < 20; index++)
            {
                await client.MakeAsync();
            }

            return [.. client.Server.Jobs.Select(job => job.Ends - job.Created)];
        }
    }

    [Fact]
    public async Task Latency_delays_a_response()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, Latency = TimeSpan.FromSeconds(3) });
        Task<string> submit = client.MakeAsync();
        await Clock.WaitForTimersAsync();
        client.Server.ActiveRequests.ShouldBe(1);
        Clock.Advance(TimeSpan.FromSeconds(2.9));
        submit.IsCompleted.ShouldBeFalse();
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await submit).ShouldNotBeEmpty();
        client.Server.ActiveRequests.ShouldBe(0);
        client.Server.PeakActiveRequests.ShouldBe(1);
    }
}
