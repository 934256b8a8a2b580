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
}
