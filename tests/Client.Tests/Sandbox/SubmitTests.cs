using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class SubmitTests : SandboxTest
{
    private const string Image = "\"image\":\"https://example.com/a.png\"";

    [Fact]
    public async Task Submit_returns_the_documented_reply_at_once()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync();
        JsonObject reply = await SandboxClient.JsonAsync(response);
        reply["status"]!.GetValue<string>().ShouldBe("processing");
        reply["created"]!.GetValue<long>().ShouldBe(Clock.GetUtcNow().ToUnixTimeSeconds());
        reply["model"]!.GetValue<string>().ShouldBe("google/veo-3.1-lite");
        SandboxJob job = client.Server.Jobs.Single();
        job.Id.ShouldBe(reply["id"]!.GetValue<string>());
        job.GenerationId.ShouldBe(reply["x_chuizi"]!["generation_id"]!.GetValue<string>());
        job.Body.ShouldBe(SandboxClient.Body);
        job.Cost.ShouldBe(0.15m);
        job.Prompt.ShouldBe("A red kite");
        client.Server.Balance.ShouldBe(99.85m);
    }

    [Fact]
    public async Task Requests_are_recorded_with_their_results()
    {
        SandboxClient client = Start();
        string id = await client.MakeAsync();
        RecordedRequest request = client.Server.Requests.Single();
        request.Number.ShouldBe(1);
        request.Method.ShouldBe("POST");
        request.Path.ShouldBe("/v1/videos/generations");
        request.Origin.ShouldBe("api");
        request.Route.ShouldBe(SandboxRoute.Submit);
        request.Headers["authorization"].ShouldBe("Bearer " + client.Server.ApiKey);
        request.Body.ShouldBe(SandboxClient.Body);
        request.BodyLength.ShouldBe(SandboxClient.Body.Length);
        request.Status.ShouldBe(200);
        request.Accepted.ShouldBeTrue();
        request.VideoId.ShouldBe(id);
        request.BytesSent.ShouldBeGreaterThan(0);
        request.Time.ShouldBe(Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task Only_the_latest_requests_are_kept()
    {
        SandboxClient client = Start(new SandboxOptions { MaximumRecordedRequests = 3 });
        for (int index = 0; index < 5; index++)
        {
            (await client.GetAsync("/models")).Dispose();
        }

        client.Server.Requests.Select(request => request.Number).ShouldBe([3, 4, 5]);
    }

    [Theory]
    [InlineData("google/veo-3.1", 5)]
    [InlineData("bedrock/nova-reel-1.0", 6)]
    [InlineData("bailian/wan2.7-t2v", 5)]
    [InlineData("bailian/happyhorse-1.0-t2v", 5)]
    public async Task Defaults_are_filled_in(string model, int seconds)
    {
        SandboxClient client = Start();
        await client.MakeAsync($$"""{"model":"{{model}}","prompt":"x"}""");
        SandboxJob job = client.Server.Jobs.Single();
        job.Duration.ShouldBe(seconds);
        job.Resolution.ShouldBe("720P");
        job.AspectRatio.ShouldBe("16:9");
    }

    [Theory]
    [InlineData("\"duration\":2.5", 2.5)]
    [InlineData("\"duration\":40", 15)]
    [InlineData("\"watermark\":false", 5)]
    public async Task An_edit_uses_at_most_15_s_of_its_source(string field, double seconds)
    {
        SandboxClient client = Start();
        await client.MakeAsync(
            $$"""{"model":"bailian/happyhorse-1.0-video-edit","prompt":"x","video_url":"https://example.com/v.mp4",{{field}}}""");
        client.Server.Jobs.Single().Duration.ShouldBe((decimal)seconds);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("image_url")]
    public async Task Both_names_of_the_source_image_are_accepted(string name)
    {
        SandboxClient client = Start();
        await client.MakeAsync(
            $$"""{"model":"bailian/wan2.6-i2v","prompt":"x","{{name}}":"https://example.com/a.png","resolution":"1080p"}""");
        client.Server.Jobs.Single().Resolution.ShouldBe("1080P");
    }

    [Fact]
    public async Task Every_model_of_the_catalogue_is_available()
    {
        SandboxClient client = Start();
        string[] references = ["https://example.com/1.png"];
        foreach (VideoModel model in ModelCatalogue.All)
        {
            var body = new JsonObject { ["model"] = model.Name, ["prompt"] = "x", ["duration"] = model.MaximumDuration };
            if (model.RequiresImage)
            {
                body["image"] = references[0];
            }

            if (model.RequiresSourceVideo)
            {
                body["video_url"] = "https://example.com/v.mp4";
            }

            if (model.MinimumReferenceImages > 0)
            {
                body["reference_image_urls"] = new JsonArray(references.Select(url => (JsonNode)url).ToArray());
            }

            await client.MakeAsync(body.ToJsonString());
        }

        client.Server.Jobs.Select(job => job.Model).ShouldBe(ModelCatalogue.All.Select(model => model.Name));
        client.Server.Jobs.ShouldAllBe(job => job.Cost > 0);
    }

    // A serializer may escape the plus sign. A large body is not kept in full.
    [Theory]
    [InlineData("AAA+", 1)]
    [InlineData("AAA\\u002B", 1)]
    [InlineData("AAA+", 300_000)]
    [InlineData("AAA\\u002B", 300_000)]
    public async Task Images_are_accepted_as_data_URLs(string part, int times)
    {
        SandboxClient client = Start();
        string image = "data:image/png;base64," + string.Concat(Enumerable.Repeat(part, times));
        string body = $$"""{"model":"bailian/wan2.6-i2v","prompt":"x","image":"{{image}}","n":[1,true,null,{"a":"b"}]}""";
        await client.MakeAsync(body);
        client.Server.Requests[^1].BodyLength.ShouldBe(body.Length);
        client.Server.Requests[^1].Body!.Length.ShouldBe(Math.Min(body.Length, 64 * 1024));
        JsonObject kept = JsonNode.Parse(client.Server.Jobs.Single().Body)!.AsObject();
        kept["n"]!.ToJsonString().ShouldBe("""[1,true,null,{"a":"b"}]""");
        string plain = image.Replace("\\u002B", "+", StringComparison.Ordinal);
        string expected =
            times == 1
                ? plain
                : $"{plain[..48]}… ({plain.Length} bytes, SHA-256 "
                    + $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(plain)))})";
        kept["image"]!.GetValue<string>().ShouldBe(expected);
    }

    [Fact]
    public async Task A_request_id_is_echoed_or_generated()
    {
        SandboxClient client = Start();
        using HttpResponseMessage own = await client.GetAsync("/models", null, ("X-Request-Id", "mine-1"));
        own.Headers.GetValues("X-Request-Id").ShouldBe(["mine-1"]);
        using HttpResponseMessage odd = await client.GetAsync("/models", null, ("X-Request-Id", new string('a', 200)));
        odd.Headers.GetValues("X-Request-Id").Single().ShouldStartWith("req-");
        client.Server.Requests.Select(request => request.RequestId).ShouldBe(["mine-1", odd.Headers.GetValues("X-Request-Id").Single()]);
    }

    [Fact]
    public async Task Concurrent_submissions_create_one_job_each()
    {
        SandboxClient client = Start();
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.MakeAsync()));
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(200);
        client.Server.Balance.ShouldBe(100m - (200 * 0.15m));
        client.Server.Requests.Select(request => request.Number).ShouldBe(Enumerable.Range(1, 200));
    }

    [Fact]
    public async Task The_default_key_has_the_format_of_a_key()
    {
        SandboxServer.DefaultApiKey.ShouldMatch("^ck-[A-Za-z0-9]{32}$");
        SandboxClient client = Start();
        foreach (string? key in new[] { null, "", "ck-wrong", client.Server.ApiKey + "0" })
        {
            client.Key = key;
            using HttpResponseMessage response = await client.SubmitAsync();
            (await SandboxClient.ErrorAsync(response, HttpStatusCode.Unauthorized)).Code.ShouldBe("invalid_api_key");
        }

        client.Server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Null_counts_as_omitted()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync("""{"model":"bailian/wan2.6-i2v","prompt":"x","image":null}""");
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.BadRequest)).Message.ShouldContain("image");
        await client.MakeAsync($$"""{"model":"bailian/wan2.6-i2v","prompt":"x","duration":null,{{Image}},"unknown":{"a":[1]} }""");
    }
}
