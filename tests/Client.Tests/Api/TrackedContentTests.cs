using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>A body is either abandoned or sent, never both: that decides whether a video may have been billed.</summary>
public sealed class TrackedContentTests
{
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

    private static RequestBody Body() => RequestBody.Of(new VideoRequest { Model = "m", Prompt = "p" });
}
