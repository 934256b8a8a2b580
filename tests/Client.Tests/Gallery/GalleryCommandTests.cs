using System.Collections.Specialized;
using Chuizi.Video.Client.Gallery;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

public sealed class GalleryCommandTests
{
    [Fact]
    public void A_command_has_the_whole_request_in_single_quotes()
    {
        Video video = new()
        {
            Prompt = "It's $(a) ‘kite’ \"x\"\nand more",
            Model = "google/veo-3.1-lite",
            Duration = 6,
            AspectRatio = "16:9",
            Resolution = "720P",
            Image = "/a b.png",
            ReferenceImage = ["/1.png", "/2's.png"],
            SourceVideo = "https://example.com/a.mp4",
            Watermark = false,
        };
        Of(video, new OrderedDictionary { ["parameter"] = new OrderedDictionary { ["seed"] = 7 }, ["Other"] = "x" }).ShouldBe(
            "New-ChuiziVideo -Prompt 'It''s $(a) ‘‘kite’’ \"x\"\nand more' -Model 'google/veo-3.1-lite' -Duration 6 -AspectRatio '16:9' "
                + "-Resolution '720P' -Image '/a b.png' -ReferenceImage '/1.png', '/2''s.png' -SourceVideo 'https://example.com/a.mp4' "
                + "-Watermark $false -AdditionalBody '{\"seed\":7}'");
    }

    [Fact]
    public void A_request_that_the_page_does_not_have_whole_has_no_command()
    {
        Of(new Video { Id = "vid-1", Model = "m" }).ShouldBeNull("only the id is known");
        Of(new Video { Prompt = "x", Image = "https://example.com/a.png?sig=abcdefghijklmnop" }).ShouldBeNull("its signature is masked");
        Of(new Video { Prompt = "x", Image = "data:image/png;base64," + new string('A', 10_000) }).ShouldBeNull("its image is too long");
        Of(new Video { Prompt = "a\0b" }).ShouldBeNull("a page cannot contain its prompt");
        Of(new Video { Prompt = new string('p', 10_000) }).ShouldNotBeNull();
    }

    private static string? Of(Video video, OrderedDictionary? columns = null) => GalleryCommand.Of(new GalleryItem(video, columns ?? []));
}
