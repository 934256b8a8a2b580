using Chuizi.Video.Client.Saving;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class FileNameTemplateTests
{
    private static readonly Video s_video = new()
    {
        Id = "vid-1",
        Model = "google/veo-3.1-lite",
        Prompt = "A and/or B",
        Duration = 4,
        AspectRatio = "16:9",
        Image = "/pictures/a boat.png",
        Created = new DateTime(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc),
        Row = 7,
        Status = VideoStatus.Succeeded,
        Resolution = "720P",
        FileName = "my kite",
    };

    [Theory]
    [InlineData("kite", "kite")]
    [InlineData("{Scene:00}/{Model}", "03/veo-3.1-lite")]
    [InlineData("{scene:000}-{ROW:00}", "003-07")]
    [InlineData("{Created:yyyy-MM}\\{Id}", "2026-11/vid-1")]
    [InlineData("{Image} {Duration}s {AspectRatio}", "a boat 4s 16:9")]
    [InlineData("{Shot: 0.0}", " 1.5")]
    [InlineData("{Day:dd}", "24")]
    [InlineData("{{{Scene}}}", "{3}")]
    [InlineData("{Prompt}", "A and_or B")]
    [InlineData("{Set}", "up_down_left")]
    [InlineData("a", "a")]
    [InlineData("{{a}}", "{a}")]
    [InlineData("moon // balloon", "moon // balloon")]
    [InlineData("{Status} {Resolution} {Take} {FileName}", "succeeded 720P 1 my kite")]
    [InlineData("{Key:N}", "00000000000000000000000000000007")]
    public void A_template_takes_columns_and_properties(string template, string name) => NameOf(template).ShouldBe(name);

    [Theory]
    [InlineData(
        "{Nope}",
        "{Nope} has no value. Use a column of the row, or Model, Prompt, Duration, AspectRatio, Resolution, Image, Row, Take or Id.")]
    [InlineData("{Silent}", "{Silent} has no value.")]
    [InlineData("{Scene:D}", "{Scene:D} cannot format the value '3'.")]
    [InlineData("a{", "FileName 'a{' has a brace without a partner.")]
    [InlineData("a}", "FileName 'a}' has a brace without a partner.")]
    [InlineData("./{Scene}", "FileName './{Scene}' must be a name, or a path inside the destination.")]
    [InlineData("{Blank}", "{Blank} has no value.")]
    [InlineData("{Prompt:00}", "{Prompt:00} needs a number or a date, but the value is 'A and/or B'.")]
    [InlineData("{Scene", "FileName '{Scene' has a brace without a partner.")]
    [InlineData("a}b", "has a brace without a partner. Write {{ or }} for a brace.")]
    [InlineData("../{Scene}", "must be a name, or a path inside the destination.")]
    [InlineData("/tmp/{Scene}", "must be a name, or a path inside the destination.")]
    [InlineData("C:\\videos\\{Scene}", "must be a name, or a path inside the destination.")]
    public void A_template_that_cannot_be_used_is_an_error(string template, string message) =>
        Should.Throw<FormatException>(() => NameOf(template)).Message.ShouldContain(message);

    [Fact]
    public void An_id_is_not_known_before_the_submission() =>
        Should.Throw<FormatException>(() => new FileNameTemplate("{Id}").NameOf(new Video(), _ => null)).Message
            .ShouldBe("{Id} is known only after the submission. Use it with Save-ChuiziVideo.");

    [Fact]
    public void A_video_without_a_property_takes_the_column_of_that_name()
    {
        FileNameTemplate template = new("{Model} {Image} {Take}");
        template.NameOf(new Video { Take = 3 }, name => $"my {name}").ShouldBe("my Model my Image 3");
    }

    // Whatever a cell contains, only the template makes folders.
    [Trait("Speed", "Medium")]
    [Fact]
    public void A_value_makes_no_folder() => Gen.String.Where(text => !string.IsNullOrWhiteSpace(text)).Sample(text =>
        new FileNameTemplate("a/{X}").NameOf(new Video(), _ => text).Split('/', '\\').Length.ShouldBe(2));

    private static string NameOf(string template) => new FileNameTemplate(template).NameOf(s_video, name => name.ToUpperInvariant() switch
    {
        "SCENE" => "3",
        "SHOT" => 1.5,
        "DAY" => "2026-12-24",
        "SET" => "up/down\\left",
        "KEY" => new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
        "SILENT" => new Silent(),
        _ => "",
    });

    private sealed class Silent
    {
        public override string? ToString() => null;
    }
}
