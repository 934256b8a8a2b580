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
        VideoIdSource.SourceOf(video).ShouldBeNull();
        VideoIdSource.Mark(video, null);
        VideoIdSource.SourceOf(video).ShouldBeNull();
        VideoIdSource.Mark(video, "data.id");
        VideoIdSource.SourceOf(video).ShouldBe("data.id");
        VideoIdSource.Mark(video, "X-Id");
        VideoIdSource.SourceOf(video).ShouldBe("X-Id");
        VideoIdSource.Mark(video, null);
        VideoIdSource.SourceOf(video).ShouldBe("X-Id");
        VideoIdSource.SourceOf(new Video { Id = "vid-1" }).ShouldBeNull();
    }
}
