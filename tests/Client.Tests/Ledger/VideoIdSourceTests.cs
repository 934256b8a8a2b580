using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class VideoIdSourceTests
{
    [Fact]
    public void An_id_is_certain_unless_it_is_marked()
    {
        Video video = new() { Id = "vid-1" };
        VideoIdSource.Of(video).ShouldBeNull();
        VideoIdSource.AttachTo(video, null);
        VideoIdSource.Of(video).ShouldBeNull();
        VideoIdSource.AttachTo(video, "data.id");
        VideoIdSource.Of(video).ShouldBe("data.id");
        VideoIdSource.AttachTo(video, "X-Id");
        VideoIdSource.Of(video).ShouldBe("X-Id");
        VideoIdSource.AttachTo(video, null);
        VideoIdSource.Of(video).ShouldBe("X-Id");
        VideoIdSource.Of(new Video { Id = "vid-1" }).ShouldBeNull();
    }
}
