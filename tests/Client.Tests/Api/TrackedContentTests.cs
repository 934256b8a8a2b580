using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>A body is either abandoned or sent, never both: that decides whether a video may have been billed.</summary>
public sealed class TrackedContentTests
{
    private const string Json = """{"model":"m","prompt":"p"}""";

    [Fact]
    public async Task Abandoned_content_is_not_sent()
    {
        using TrackedContent content = new(Body());

        content.Abandon().ShouldBeTrue();
        await Should.ThrowAsync<OperationCanceledException>(() => content.CopyToAsync(Stream.Null));
        content.Started.ShouldBeFalse();
    }

    [Fact]
    public async Task Content_that_is_being_sent_cannot_be_abandoned()
    {
        using TrackedContent content = new(Body());
        await content.CopyToAsync(Stream.Null);

        content.Abandon().ShouldBeFalse();
        content.Started.ShouldBeTrue();
    }

    [Fact]
    public async Task The_body_is_JSON_of_a_known_length()
    {
        using TrackedContent content = new(Body());
        content.Started.ShouldBeFalse();
        content.Headers.ContentType.ShouldNotBeNull().ToString().ShouldBe("application/json; charset=utf-8");
        content.Headers.ContentLength.ShouldBe((long)Json.Length);
        content.Describe().ShouldBe(Json);

        using MemoryStream sent = new();
        await content.CopyToAsync(sent, TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(sent.ToArray()).ShouldBe(Json);
        content.Started.ShouldBeTrue();
    }

    [Fact]
    public async Task Content_that_is_abandoned_twice_stays_abandoned()
    {
        using TrackedContent content = new(Body());
        content.Abandon().ShouldBeTrue();
        content.Abandon().ShouldBeTrue();

        using MemoryStream sent = new();
        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => content.CopyToAsync(sent));
        exception.Message.ShouldBe("The request was canceled before its body was sent.");
        sent.Length.ShouldBe(0);
    }

    private static RequestBody Body() => RequestBody.Of(new VideoRequest { Model = "m", Prompt = "p" });
}
