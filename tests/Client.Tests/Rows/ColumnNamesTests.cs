using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ColumnNamesTests
{
    [Theory]
    [InlineData("Prompt", "Prompt")]
    [InlineData(" prompt ", "Prompt")]
    [InlineData("Model ", "Model")]
    [InlineData("Model\u00A0Name", "Model")]
    [InlineData("AI Model", "Model")]
    [InlineData("Duration (s)", "Duration")]
    [InlineData("duration_seconds", "Duration")]
    [InlineData("Duration-Seconds", "Duration")]
    [InlineData("Length (sec)", "Duration")]
    [InlineData("Length", "Duration")]
    [InlineData("Seconds", "Duration")]
    [InlineData("Image URL", "Image")]
    [InlineData("image_url", "Image")]
    [InlineData("Source Image", "Image")]
    [InlineData("Reference Images", "ReferenceImage")]
    [InlineData("video_url", "SourceVideo")]
    [InlineData("Aspect Ratio", "AspectRatio")]
    [InlineData("Ratio", "AspectRatio")]
    [InlineData("RESOLUTION", "Resolution")]
    [InlineData("File Name", "FileName")]
    [InlineData("Name", "FileName")]
    [InlineData("Estimated Cost (USD)", "EstimatedCost")]
    [InlineData("Parameter", "AdditionalBody")]
    [InlineData("Title", null)]
    [InlineData("Notes", null)]
    [InlineData("Old duration", null)]
    [InlineData("Prompt (old)", null)]
    [InlineData("", null)]
    public void A_header_means_a_column_whatever_its_spelling(string header, string? expected) => ColumnNames.Of(header).ShouldBe(expected);

    [Theory]
    [InlineData("Old duration", "Duration")]
    [InlineData("Negative Prompt", "Prompt")]
    [InlineData("Reference image 2", "ReferenceImage")]
    [InlineData("Duration", null)]
    [InlineData("body.model_version", null)]
    [InlineData("Scene", null)]
    public void A_header_that_contains_the_name_of_a_column_mentions_it(string header, string? expected) =>
        ColumnNames.MentionedIn(header).ShouldBe(expected);

    [Fact]
    public void A_column_is_found_by_its_own_name_and_those_of_the_API()
    {
        ColumnNames.ExactNames("Image").ShouldBe(["Image", "image_url"]);
        ColumnNames.ExactNames("Model").ShouldBe(["Model"]);
    }

    [Theory]
    [InlineData("Aspect Ratio", "AspectRatio", true)]
    [InlineData("ASPECT_RATIO", "AspectRatio", true)]
    [InlineData("Image_URL", "Image", true)]
    [InlineData("Ratio", "AspectRatio", false)]
    [InlineData("Image URL", "Image", false)]
    public void Only_a_synonym_needs_an_explanation(string header, string column, bool expected) =>
        ColumnNames.IsOwnName(header, column).ShouldBe(expected);
}
