using System.Net;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class SubmitValidationTests : SandboxTest
{
    private const string Lite = "\"model\":\"google/veo-3.1-lite\",\"prompt\":\"x\"";
    private const string ImageModel = "\"model\":\"bailian/wan2.6-i2v\",\"prompt\":\"x\"";
    private const string References = "\"model\":\"bailian/happyhorse-1.0-r2v\",\"prompt\":\"x\"";
    private const string Edit = "\"model\":\"bailian/happyhorse-1.0-video-edit\",\"prompt\":\"x\"";

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("{", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("{} {}", "JSON")]
    [InlineData("{\"prompt\":\"\\ud800\"}", "JSON")]
    [InlineData("{}", "model")]
    [InlineData("{\"model\":5,\"prompt\":\"x\"}", "model")]
    [InlineData("{\"model\":\" \",\"prompt\":\"x\"}", "model")]
    [InlineData("{\"model\":\"google/veo-3.1-lite\"}", "prompt")]
    [InlineData("{\"model\":\"google/veo-3.1-lite\",\"prompt\":\"  \"}", "prompt")]
    [InlineData("{\"model\":\"google/veo-3.1-lite\",\"prompt\":[\"x\"]}", "prompt")]
    [InlineData("{" + Lite + ",\"duration\":0}", "duration")]
    [InlineData("{" + Lite + ",\"duration\":-1}", "duration")]
    [InlineData("{" + Lite + ",\"duration\":\"5\"}", "duration")]
    [InlineData("{" + Lite + ",\"duration\":1e99}", "duration")]
    [InlineData("{" + Lite + ",\"duration\":9}", "duration")]
    [InlineData("{" + Lite + ",\"duration\":8.01}", "duration")]
    [InlineData("{" + Lite + ",\"watermark\":\"false\"}", "watermark")]
    [InlineData("{" + Lite + ",\"resolution\":720}", "resolution")]
    [InlineData("{" + Lite + ",\"resolution\":\"4K\"}", "resolution")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"wide\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"16x9\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"16:\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"0:9\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"-16:9\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":\"5:1\"}", "aspect_ratio")]
    [InlineData("{" + Lite + ",\"aspect_ratio\":1.78}", "aspect_ratio")]
    [InlineData("{" + ImageModel + "}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":7}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"C:\\\\a.png\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"ftp://example.com/a.png\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"data:image/png,AAAA\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"data:image/;base64,AAAA\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"data:image/png;base64,\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"data:image/png;base64,A*==\"}", "image")]
    [InlineData("{" + ImageModel + ",\"image\":\"data:text/plain;base64,AAAA\"}", "image")]
    [InlineData("{" + References + "}", "reference_image_urls")]
    [InlineData("{" + References + ",\"reference_image_urls\":[]}", "reference_image_urls")]
    [InlineData("{" + References + ",\"reference_image_urls\":\"https://example.com/a.png\"}", "reference_image_urls")]
    [InlineData("{" + References + ",\"reference_image_urls\":[\"https://example.com/a.png\",3]}", "reference_image_urls[1]")]
    [InlineData("{" + References + ",\"reference_image_urls\":[\"a.png\"]}", "reference_image_urls[0]")]
    [InlineData("{" + Lite + ",\"reference_image_urls\":[\"https://example.com/a.png\"]}", "reference_image_urls")]
    [InlineData("{" + Edit + "}", "video_url")]
    [InlineData("{" + Edit + ",\"video_url\":true}", "video_url")]
    [InlineData("{" + Edit + ",\"video_url\":\"data:video/mp4;base64,AAAA\"}", "video_url")]
    public async Task A_broken_rule_is_reported(string body, string word)
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync(body);
        (string code, string message) = await SandboxClient.ErrorAsync(response, HttpStatusCode.BadRequest);
        code.ShouldBe("validation_error");
        message.ShouldContain(word, Case.Sensitive);
        client.Server.Jobs.ShouldBeEmpty();
        client.Server.Balance.ShouldBe(100m);
        client.Server.Requests.Single().Accepted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(References, 9, 10)]
    [InlineData(Edit + ",\"video_url\":\"https://example.com/v.mp4\"", 5, 6)]
    public async Task References_have_an_upper_bound(string fields, int most, int tooMany)
    {
        SandboxClient client = Start();
        await client.MakeAsync(Body(most));
        using HttpResponseMessage response = await client.SubmitAsync(Body(tooMany));
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.BadRequest)).Message.ShouldContain("reference_image_urls");

        string Body(int count) =>
            $$"""{{{fields}},"reference_image_urls":[{{string.Join(',', Enumerable.Repeat("\"https://example.com/a.png\"", count))}}]}""";
    }

    [Theory]
    [InlineData("google/veo-4")]
    [InlineData("Google/Veo-3.1")]
    [InlineData("openai/gpt-sandbox")]
    public async Task An_unknown_model_is_not_found(string model)
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync($$"""{"model":"{{model}}","prompt":"x"}""");
        (string code, string message) = await SandboxClient.ErrorAsync(response, HttpStatusCode.NotFound);
        code.ShouldBe("model_not_found");
        message.ShouldContain(model);
    }
}
