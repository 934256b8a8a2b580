using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class PipedFileTests
{
    [Theory]
    [InlineData(".png")]
    [InlineData(".jpg")]
    [InlineData(".jpeg")]
    [InlineData(".webp")]
    [InlineData(".gif")]
    [InlineData(".bmp")]
    [InlineData(".mp4")]
    [InlineData(".m4v")]
    [InlineData(".mov")]
    [InlineData(".webm")]
    [InlineData(".mkv")]
    [InlineData(".avi")]
    public void An_image_or_a_video_is_recognized_by_its_extension(string extension)
    {
        PipedFile.IsMedium("a" + extension).ShouldBeTrue();
        PipedFile.IsMedium("/a.csv/b" + extension.ToUpperInvariant()).ShouldBeTrue();
        PipedFile.IsMedium("a" + extension + ".csv").ShouldBeFalse();
    }

    [Theory]
    [InlineData("list.csv")]
    [InlineData("png")]
    [InlineData("")]
    public void Any_other_file_is_no_medium(string path) => PipedFile.IsMedium(path).ShouldBeFalse();

    [Theory]
    [InlineData("kite.png", null, "kite")]
    [InlineData("/my%20files/a%20b.png", null, "a%20b")]
    [InlineData("https://a/b/my%20kite.png?name=c.mp4", null, "my kite")]
    [InlineData("kite.png", "named", "named")]
    public void A_piped_file_names_the_video_unless_the_row_does(string file, string? name, string expected)
    {
        RowInput placed = PipedFile.Place(new RowInput { File = file, FileName = name }, null);
        placed.FileName.ShouldBe(expected);
        placed.Image.ShouldBe(file);
        placed.SourceVideo.ShouldBeNull();
    }

    [Theory]
    [InlineData("a.png", null, "Image")]
    [InlineData("a.png", "google/veo-3.1", "Image")]
    [InlineData("a.png", "bailian/wan2.6-i2v", "Image")]
    [InlineData("a.png", "bailian/happyhorse-1.0-r2v", "ReferenceImage")]
    [InlineData("a.png", "bailian/happyhorse-1.0-video-edit", "ReferenceImage")]
    [InlineData("a.MP4", null, "SourceVideo")]
    [InlineData("a.mp4", "bailian/happyhorse-1.0-r2v", "SourceVideo")]
    [InlineData("https://a/b%2Emp4?x=.png", null, "SourceVideo")]
    public void A_piped_file_goes_into_the_column_that_the_model_takes_it_in(string file, string? model, string column)
    {
        RowInput placed = PipedFile.Place(new RowInput { File = file }, model is null ? null : ModelCatalogue.Find(model));
        placed.Image.ShouldBe(column == "Image" ? file : null);
        placed.ReferenceImage.ShouldBe(column == "ReferenceImage" ? new[] { file } : null);
        placed.SourceVideo.ShouldBe(column == "SourceVideo" ? file : null);
    }

    [Fact]
    public void Without_a_piped_file_the_row_stays_as_it_is()
    {
        RowInput input = new() { Prompt = "p" };
        PipedFile.Place(input, null).ShouldBeSameAs(input);
    }
}
