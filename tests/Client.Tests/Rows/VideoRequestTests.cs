using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class VideoRequestTests
{
    [Fact]
    public void A_video_has_its_inputs_before_it_is_sent()
    {
        object row = new();
        Video video = new VideoRequest
        {
            Model = "m", Prompt = "p", Duration = 8, AspectRatio = "16:9", Resolution = "720P", Watermark = false,
            Image = Image("https://a/1.png"), ReferenceImages = [Image("https://a/2.png"), Image("https://a/3.png")],
        }.ToVideo(row);
        video.Id.ShouldBeNull();
        video.Status.ShouldBe(VideoStatus.Skipped);
        (video.Model, video.Prompt, video.Duration, video.AspectRatio, video.Resolution, video.Image).ShouldBe(
            ("m", "p", 8, "16:9", "720P", "https://a/1.png"));
        video.ReferenceImage.ShouldBe(["https://a/2.png", "https://a/3.png"]);
        video.Input.ShouldBeSameAs(row);
        video.ToString().ShouldBe("");
    }

    // A video piped to New-ChuiziVideo is re-submitted from its inputs, so they must equal the inputs that were sent.
    [Theory]
    [InlineData("https://a/b%20c.mp4?part=a%2Bb%2Fc%25")]
    [InlineData("https://a/%E8%A7%86.mp4")]
    [InlineData("https://a/b.mp4#part%231")]
    public void The_source_video_keeps_the_URL_that_is_sent(string address) =>
        new VideoRequest { Model = "m", Prompt = "p", SourceVideo = MediaSource.At(new Uri(address)) }.ToVideo(null).SourceVideo.ShouldBe(address);

    private static MediaSource Image(string text) => MediaSource.Read("Image", text, Path.GetFullPath);
}
