using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class VideoProvenanceTests
{
    [Fact]
    public void It_belongs_to_the_video_object_that_it_was_attached_to_last()
    {
        Video video = new() { Id = "vid-1" };
        VideoProvenance.Of(video).ShouldBeNull();
        VideoProvenance first = new(null, VideoLedger.InMemory());
        first.AttachTo(video);
        VideoProvenance.Of(video).ShouldBeSameAs(first);
        first.Claimed.ShouldBeNull();

        VideoProvenance second = new(null, VideoLedger.InMemory());
        second.AttachTo(video);
        VideoProvenance.Of(video).ShouldBeSameAs(second);
        VideoProvenance.Of(new Video { Id = "vid-1" }).ShouldBeNull();
    }
}
