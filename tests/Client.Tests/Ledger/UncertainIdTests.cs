using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class UncertainIdTests
{
    [Fact]
    public void An_id_is_certain_unless_it_is_marked()
    {
        Video video = new() { Id = "vid-1" };
        UncertainId.SourceOf(video).ShouldBeNull();
        UncertainId.Mark(video, null);
        UncertainId.SourceOf(video).ShouldBeNull();
        UncertainId.Mark(video, "data.id");
        UncertainId.SourceOf(video).ShouldBe("data.id");
        UncertainId.Mark(video, "X-Id");
        UncertainId.SourceOf(video).ShouldBe("X-Id");
        UncertainId.Mark(video, null);
        UncertainId.SourceOf(video).ShouldBe("X-Id");
        UncertainId.SourceOf(new Video { Id = "vid-1" }).ShouldBeNull();
    }
}
