using System.Collections;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class RequestBuilderTests
{
    private readonly RowChecker _builder = new();

    [Theory]
    [InlineData("Prompt,Model", true)]
    [InlineData("\"Slug\";\"prompt\"", true)]
    [InlineData("FileName, Prompt", true)]
    [InlineData("a, prompt, dance", false)]
    [InlineData("Prompt", false)]
    [InlineData("A prompt, a model and a duration", false)]
    [InlineData("prompt, swift, gone", false)]
    public void The_header_line_of_a_list_is_not_accepted_as_a_prompt(string prompt, bool isRefused) =>
        (new RowChecker().Build(new RowInput { Prompt = prompt }) is null).ShouldBe(isRefused);

    [Theory]
    [InlineData(@"\\attacker\share\list.csv")]
    [InlineData("//attacker/share/list.csv")]
    [InlineData(@"\/attacker\share\list.csv")]
    [InlineData(@"\??\UNC\attacker\share\list.csv")]
    [InlineData(@"Microsoft.PowerShell.Core\FileSystem::\\attacker\share\list.csv")]
    public void A_prompt_that_is_the_name_of_a_list_on_a_share_is_refused_without_accessing_the_share(string prompt)
    {
        List<string> looked = [];
        RowChecker checker = new(path =>
        {
            looked.Add(path);
            return path;
        });

        checker.Build(new RowInput { Prompt = prompt }).ShouldBeNull();
        checker.Build(new RowInput { Prompt = "two words of " + prompt }).ShouldNotBeNull();
        looked.ShouldBeEmpty();
        // A prompt with a space is only refused if it is a local file.
        checker.Build(new RowInput { Prompt = "my list.csv" }).ShouldNotBeNull();
        looked.ShouldBe(["my list.csv"]);
    }

    [Fact]
    public void A_prompt_is_the_only_required_value()
    {
        VideoRequest request = Build(new() { Prompt = " A red kite " });
        request.Prompt.ShouldBe("A red kite");
        request.Model.ShouldBe(ModelCatalogue.DefaultModel);
        request.Duration.ShouldBeNull();
        request.Image.ShouldBeNull();
        request.ReferenceImages.ShouldBeEmpty();
        request.Watermark.ShouldBeNull();
        request.Parameters.ShouldBeEmpty();
        _builder.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Every_column_of_a_table_is_converted()
    {
        using InCulture culture = new("de-DE");
        VideoRequest request = Build(
            new()
            {
                Row = 1,
                Prompt = "p",
                Model = "BAILIAN/happyhorse-1.0-video-edit",
                Duration = "8",
                ReferenceImage = "https://a/1.png;https://a/2.png",
                SourceVideo = "https://a/v.mp4",
                Resolution = "1080p",
                AspectRatio = " 16:9 ",
                Watermark = "false",
                Parameter = new Hashtable { ["seed"] = 7 },
            });
        request.Model.ShouldBe("bailian/happyhorse-1.0-video-edit");
        request.Duration.ShouldBe(8);
        request.ReferenceImages.Select(image => image.Value).ShouldBe(["https://a/1.png", "https://a/2.png"]);
        request.SourceVideo!.Value.ShouldBe("https://a/v.mp4");
        request.Resolution.ShouldBe("1080P");
        request.AspectRatio.ShouldBe("16:9");
        request.Watermark.ShouldBe(false);
        request.Parameters["seed"].ShouldBe(7);
    }

    [Fact]
    public void All_errors_of_a_row_are_reported_at_once_with_their_values()
    {
        _builder
            .Build(
                new()
                {
                    Row = 7,
                    Prompt = " ",
                    Model = new[] { 1 },
                    Duration = "long",
                    Image = "/no/such.png",
                    ReferenceImage = "/no/1.png;ftp://a/2.png",
                    SourceVideo = "clip.mp4",
                    Resolution = new object(),
                    AspectRatio = true,
                    Watermark = "perhaps",
                    Parameter = "seed=7",
                })
            .ShouldBeNull();
        _builder
            .Errors.Select(error => (error.Row, error.Column))
            .ShouldBe([
                (7, "Prompt"),
                (7, "AdditionalBody"),
                (7, "Model"),
                (7, "Duration"),
                (7, "Image"),
                (7, "ReferenceImage"),
                (7, "ReferenceImage"),
                (7, "SourceVideo"),
                (7, "AspectRatio"),
                (7, "Resolution"),
                (7, "Watermark"),
            ]);
        string all = string.Join('\n', _builder.Errors);
        foreach (string value in new[] { "'long'", "'/no/such.png'", "'/no/1.png'", "'ftp://a/2.png'", "'clip.mp4'", "'perhaps'" })
        {
            all.ShouldContain(value);
        }

        _builder.Errors.ShouldAllBe(error => error.ToString().StartsWith("Row 7: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_row_without_a_prompt_lists_its_columns()
    {
        _builder.Build(new() { Row = 2, Columns = ["Promt", "Model"] }).ShouldBeNull();
        _builder.Errors.Single().Message.ShouldBe("Prompt not found. The columns are Promt, Model. Rename the column that contains the prompt, or use -Prompt { $_.<column> }.");
        RowChecker single = new();
        single.Build(new() { Prompt = "" }).ShouldBeNull();
        single.Errors.Single().ToString().ShouldBe("Prompt is empty. Describe the video.");
    }

    [Fact]
    public void A_prompt_of_another_type_is_a_single_error()
    {
        _builder.Build(new() { Prompt = new Hashtable() }).ShouldBeNull();
        _builder.Errors.Single().Message.ShouldBe("Prompt is an object with fields, not text. Pipe rows and files to New-ChuiziVideo.");
    }

    [Fact]
    public void An_unknown_model_is_a_warning_with_a_suggestion()
    {
        Build(
            new()
            {
                Prompt = "p",
                Model = "google/veo-3.2",
                Duration = 600,
            })
            .Model.ShouldBe("google/veo-3.2");
        _builder
            .Warnings.Single()
            .Message.ShouldBe(
                "The model 'google/veo-3.2' is not in the model catalog and is sent unchanged. Did you mean 'google/veo-3.1'?");
    }

    [Fact]
    public void Errors_of_one_row_do_not_affect_the_next()
    {
        _builder.Build(new() { Row = 1 }).ShouldBeNull();
        _builder.Build(new() { Row = 2, Prompt = "p" }).ShouldNotBeNull();
        _builder.Build(new() { Row = 4, Prompt = "p" }).ShouldNotBeNull();
        _builder.Errors.Select(error => error.Row).ShouldBe([1]);
    }

    [Theory]
    [InlineData("720p", "720P")]
    [InlineData("1080P", "1080P")]
    [InlineData(" 720p ", "720P")]
    [InlineData("1080", "1080P")]
    [InlineData(1080, "1080P")]
    [InlineData("1920x1080", "1080P")]
    [InlineData("1080 × 1920", "1080P")]
    [InlineData("1280x720", "720P")]
    [InlineData("480p", "480P")]
    [InlineData("720P", "720P")]
    public void A_resolution_is_sent_in_its_documented_form(object given, string expected) =>
        Build(new() { Prompt = "p", Resolution = given }).Resolution.ShouldBe(expected);

    [Fact]
    public void Several_source_images_are_an_error()
    {
        _builder.Build(new() { Prompt = "p", Image = "https://a/1.png;https://a/2.png" }).ShouldBeNull();
        _builder.Errors.Single().Message.ShouldBe("Image has 2 values, but accepts only one. Use ReferenceImage for several images.");
    }

    [Fact]
    public void A_list_that_contains_itself_is_an_error()
    {
        ArrayList list = [];
        list.Add(list);
        _builder.Build(new() { Row = 1, Prompt = "p", Image = list, ReferenceImage = list }).ShouldBeNull();
        _builder.Errors.Select(error => error.Column).ShouldBe(["Image", "ReferenceImage"]);
    }

    [Theory]
    [InlineData("clip.mp4")]
    [InlineData("/videos/clip.mp4")]
    [InlineData("ftp://a/clip.mp4")]
    [InlineData("https://")]
    public void A_source_video_must_be_a_URL(string given)
    {
        _builder.Build(new() { Prompt = "p", Model = "bailian/happyhorse-1.0-video-edit", SourceVideo = given }).ShouldBeNull();
        _builder.Errors.Single().Message.ShouldStartWith($"SourceVideo '{given}' is not an http or https URL.");
    }

    [Theory]
    [InlineData("model")]
    [InlineData("prompt")]
    [InlineData("duration")]
    [InlineData("image")]
    [InlineData("image_url")]
    [InlineData("reference_image_urls")]
    [InlineData("video_url")]
    [InlineData("resolution")]
    [InlineData("aspect_ratio")]
    [InlineData("watermark")]
    public void An_extra_field_that_is_already_specified_is_an_error(string field)
    {
        RowInput input = new()
        {
            Prompt = "p",
            Model = "bailian/happyhorse-1.0-video-edit",
            Duration = 5,
            Image = "https://a/1.png",
            ReferenceImage = "https://a/2.png",
            SourceVideo = "https://a/v.mp4",
            Resolution = "720P",
            AspectRatio = "16:9",
            Watermark = true,
        };
        Build(input);
        _builder.Build(input with { Parameter = new Hashtable { [field] = "x" } }).ShouldBeNull();
        _builder.Errors.Single().Message.ShouldContain($"'{field}'");
    }

    [Fact]
    public void An_extra_field_may_replace_an_omitted_parameter() =>
        Build(
            new()
            {
                Prompt = "p",
                Model = "bailian/wan2.6-i2v",
                Parameter = new Hashtable { ["image_url"] = "https://a/1.png" },
            })
            .Parameters.Keys.ShouldBe(["image_url"]);

    [Fact]
    public void An_image_used_by_many_rows_is_read_once()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        MediaSource first = Build(new() { Row = 1, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path }).Image!;
        File.Delete(path);
        Build(new() { Row = 2, Prompt = "p", Model = "bailian/wan2.6-i2v", Image = path }).Image.ShouldBeSameAs(first);
    }

    [Fact]
    public void Relative_paths_are_resolved_by_the_caller()
    {
        using TempFolder folder = new();
        folder.Write("a.png", Images.Png(640, 480));
        RowChecker builder = new(folder.Of);
        builder.Build(new() { Prompt = "p", Model = "bailian/wan2.6-i2v", Image = "a.png" })!.Image!.Value.ShouldBe(folder.Of("a.png"));
    }

    private VideoRequest Build(RowInput input)
    {
        VideoRequest? request = _builder.Build(input);
        _builder.Errors.ShouldBeEmpty();
        return request.ShouldNotBeNull();
    }
}
