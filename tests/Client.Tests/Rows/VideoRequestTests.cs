using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;
using static Chuizi.Video.Client.Tests.Support.ClientTest;

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

    public static TheoryData<string, bool> TextOnly => new()
    {
        { "", true }, { "Image", false }, { "ReferenceImages", false }, { "SourceVideo", false }, { "Watermark", false },
        { "Parameters", false },
    };

    [Theory]
    [MemberData(nameof(TextOnly))]
    public void Only_a_request_without_media_watermark_and_extra_fields_is_text_only(string field, bool expected)
    {
        VideoRequest request = new() { Model = "m", Prompt = "p", Duration = 4, AspectRatio = "1:1", Resolution = "720P", FileName = "f" };
        (field switch
        {
            "Image" => request with { Image = Image("https://a/1.png") },
            "ReferenceImages" => request with { ReferenceImages = [Image("https://a/1.png")] },
            "SourceVideo" => request with { SourceVideo = MediaSource.At(new Uri("https://a/1.mp4")) },
            "Watermark" => request with { Watermark = false },
            "Parameters" => request with { Parameters = new Dictionary<string, object?> { ["x"] = 1 } },
            _ => request,
        }).IsTextOnly.ShouldBe(expected);
    }

    [Fact]
    public void A_request_without_media_has_none_in_its_video()
    {
        Video video = new VideoRequest { Model = "m", Prompt = "p" }.ToVideo(null);
        video.Image.ShouldBeNull();
        video.ReferenceImage.ShouldBeNull();
        video.SourceVideo.ShouldBeNull();
    }

    [Fact]
    public void Published_files_are_replaced_by_their_addresses_in_order()
    {
        using TempFolder folder = new();
        string[] paths = [.. new[] { "1.png", "2.png", "3.mp4" }.Select(name => folder.Write(name, Images.Png(640, 480)))];
        VideoRequest request = new()
        {
            Model = "m", Prompt = "p", Image = Image(paths[0]), ReferenceImages = [Image("https://a/x.png"), Image(paths[1])],
            SourceVideo = MediaSource.ReadVideo("SourceVideo", paths[2], Path.GetFullPath),
        };
        request.Images.Select(image => image.Value).ShouldBe([paths[0], "https://a/x.png", paths[1]]);
        request.LocalFiles.Select(file => file.Value).ShouldBe(paths);

        VideoRequest published = request.WithPublished(
            paths.Select((path, index) => (path, index)).ToDictionary(file => file.path, file => new Uri($"https://p/{file.index}")));
        published.Images.Select(image => image.Value).ShouldBe(["https://p/0", "https://a/x.png", "https://p/1"]);
        published.SourceVideo.ShouldNotBeNull().Value.ShouldBe("https://p/2");
        published.LocalFiles.ShouldBeEmpty();

        VideoRequest text = new VideoRequest { Model = "m", Prompt = "p" }.WithPublished(new Dictionary<string, Uri>());
        text.IsTextOnly.ShouldBeTrue();
        text.LocalFiles.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""", null, """{}""")]
    [InlineData("""{"cfg":5,"text":"seed"}""", null, """{"cfg":5,"text":"seed"}""")]
    [InlineData("""{"seed":-1}""", null, """{"seed":-1}""")]
    [InlineData("""{"seed":"7"}""", null, """{"seed":"7"}""")]
    [InlineData("""{"seed":7.5}""", null, """{"seed":7.5}""")]
    [InlineData("""{"list":[1,2]}""", null, """{"list":[1,2]}""")]
    [InlineData("""{"seed":0,"cfg":5}""", 0L, """{"seed":2,"cfg":5}""")]
    [InlineData("""{"SEED":7}""", 7L, """{"SEED":9}""")]
    [InlineData("""{"a":{"seed":7},"b":1}""", 7L, """{"a":{"seed":9},"b":1}""")]
    [InlineData("""{"a":{"seed":8},"seed":7}""", 7L, """{"a":{"seed":10},"seed":9}""")]
    [InlineData("""{"list":[{"x":1},{"seed":7}]}""", 7L, """{"list":[{"x":1},{"seed":9}]}""")]
    public void The_seed_of_the_third_take_is_two_higher_wherever_it_is(string body, long? seed, string third)
    {
        VideoRequest request = WithBody(body);
        request.Seed.ShouldBe(seed);
        request.ForTake(1).ShouldBeSameAs(request);
        ReferenceEquals(request.ForTake(3), request).ShouldBe(seed is null);
        JsonConversion.ToText(request.ForTake(3).Parameters).ShouldBe(third);
    }

    [Theory]
    [InlineData(int.MaxValue - 1L, 2, int.MaxValue)]
    [InlineData(int.MaxValue, 2, 0)]
    [InlineData(int.MaxValue, 4, 2)]
    [InlineData(int.MaxValue + 1L, 2, int.MaxValue + 2L)]
    [InlineData(uint.MaxValue - 1L, 2, uint.MaxValue)]
    [InlineData(uint.MaxValue, 2, 0)]
    [InlineData(uint.MaxValue, 4, 2)]
    [InlineData(uint.MaxValue + 1L, 2, uint.MaxValue + 2L)]
    [InlineData(long.MaxValue - 1, 2, long.MaxValue)]
    [InlineData(long.MaxValue, 2, 0)]
    [InlineData(long.MaxValue, 4, 2)]
    public void After_the_highest_seed_comes_0(long seed, int take, long expected) =>
        WithBody($$"""{"seed":{{seed}}}""").ForTake(take).Seed.ShouldBe(expected);

    private static VideoRequest WithBody(string json) =>
        new() { Model = "m", Prompt = "p", Parameters = ValueReader.Fields("AdditionalBody", json) };
}
