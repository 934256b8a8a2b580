using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>A body is either given up or sent, never both: between them lies whether a video is paid for.</summary>
public sealed class TrackedContentTests
{
    [Fact]
    public async Task One_that_is_given_up_is_not_sent()
    {
        using TrackedContent content = new(Body());

        content.Abandon().ShouldBeTrue();
        await Should.ThrowAsync<OperationCanceledException>(() => content.CopyToAsync(Stream.Null));
        content.Started.ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_is_being_sent_cannot_be_given_up()
    {
        using TrackedContent content = new(Body());
        await content.CopyToAsync(Stream.Null);

        content.Abandon().ShouldBeFalse();
        content.Started.ShouldBeTrue();
    }

    private static RequestBody Body() => RequestBody.Of(new VideoRequest { Model = "m", Prompt = "p" });
}
