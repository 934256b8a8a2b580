using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class TypedInputTests
{
    [Fact]
    public void A_command_line_that_is_being_typed_is_a_request_without_a_prompt()
    {
        VideoModel model = ModelCatalogue.Find("bailian/wan2.6-i2v")!;
        VideoRequest request = new TypedInput
        {
            HasImage = true, HasReferenceImage = true, HasSourceVideo = true, Duration = 4, AspectRatio = "1:1", Resolution = "720P",
        }.ToRequest(model);
        (request.Model, request.Prompt, request.Duration, request.AspectRatio, request.Resolution)
            .ShouldBe(("bailian/wan2.6-i2v", "", 4, "1:1", "720P"));
        request.Images.Select(image => image.Value)
            .ShouldBe(["https://media.example/image.png", "https://media.example/image.png"]);
        request.SourceVideo.ShouldNotBeNull().Value.ShouldBe("https://media.example/video.mp4");
        new TypedInput().ToRequest(model).IsTextOnly.ShouldBeTrue();
    }
}
