using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ModelRulesTests
{
    private const string Veo = "google/veo-3.1";
    private const string Nova = "bedrock/nova-reel-1.0";
    private const string Horse = "bailian/happyhorse-1.0-t2v";
    private const string HorseImage = "bailian/happyhorse-1.0-i2v";
    private const string References = "bailian/happyhorse-1.0-r2v";
    private const string Edit = "bailian/happyhorse-1.0-video-edit";
    private const string Wan27 = "bailian/wan2.7-t2v";
    private const string Wan26 = "bailian/wan2.6-t2v";
    private const string WanImage = "bailian/wan2.6-i2v";

    public static TheoryData<string> Names => [.. ModelCatalogue.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_required_inputs_of_a_model_are_sufficient(string name)
    {
        (string[] errors, string[] warnings) = Check(Required(name));
        errors.ShouldBeEmpty();
        warnings.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_longest_duration_is_accepted_and_a_longer_one_is_an_error(string name)
    {
        int longest = ModelCatalogue.Find(name)!.MaximumDuration!.Value;
        Check(Required(name) with { Duration = longest }).Errors.ShouldBeEmpty();
        Check(Required(name) with { Duration = longest + 1 })
            .Errors.ShouldBe([$"Duration {longest + 1} is too long for {name}, which accepts at most {longest} seconds."]);
    }

    [Theory]
    [InlineData(Veo, 5, "According to its provider, google/veo-3.1 supports 4, 6 or 8 seconds. Duration 5 is sent unchanged.")]
    [InlineData(Veo, 6, null)]
    [InlineData(Nova, 5, "According to its provider, bedrock/nova-reel-1.0 supports 6 seconds. Duration 5 is sent unchanged.")]
    [InlineData(Nova, 6, null)]
    [InlineData(Horse, 2, "According to its provider, bailian/happyhorse-1.0-t2v requires at least 3 seconds. Duration 2 is sent unchanged.")]
    [InlineData(Horse, 3, null)]
    [InlineData(Wan27, 1, "According to its provider, bailian/wan2.7-t2v requires at least 2 seconds. Duration 1 is sent unchanged.")]
    [InlineData(Wan27, 2, null)]
    [InlineData(Edit, 1, null)]
    public void A_duration_that_the_provider_does_not_list_is_a_warning(string name, int seconds, string? expected) =>
        ShouldWarn(Required(name) with { Duration = seconds }, expected);

    [Theory]
    [InlineData(HorseImage)]
    [InlineData(WanImage)]
    public void A_missing_image_is_an_error(string name) =>
        Check(Required(name) with { Image = null })
            .Errors.ShouldBe([$"{name} requires an image. Specify Image with an http or https URL or a local file."]);

    [Fact]
    public void A_missing_source_video_is_an_error() =>
        Check(Required(Edit) with { SourceVideo = " " })
            .Errors.ShouldBe([$"{Edit} requires a source video. Specify SourceVideo with an http or https URL."]);

    [Fact]
    public void One_to_nine_reference_images_are_accepted()
    {
        Check(Required(References) with { ReferenceImage = null })
            .Errors.ShouldBe([$"{References} requires 1 to 9 reference images. Specify ReferenceImage."]);
        Check(Required(References) with { ReferenceImage = Addresses(9) }).Errors.ShouldBeEmpty();
        Check(Required(References) with { ReferenceImage = Addresses(10) })
            .Errors.ShouldBe([$"ReferenceImage has 10 images, but {References} accepts at most 9."]);
    }

    [Fact]
    public void The_editing_model_accepts_up_to_five_reference_images()
    {
        Check(Required(Edit) with { ReferenceImage = Addresses(5) })
            .ShouldSatisfyAllConditions(found => found.Errors.ShouldBeEmpty(), found => found.Warnings.ShouldBeEmpty());
        Check(Required(Edit) with { ReferenceImage = Addresses(6) })
            .Errors.ShouldBe([$"ReferenceImage has 6 images, but {Edit} accepts at most 5."]);
    }

    [Fact]
    public void A_text_to_video_model_with_an_image_or_a_video_is_an_error_that_names_the_models_for_it()
    {
        Check(Required(Veo) with { Image = "https://a/1.png" }).Errors
            .ShouldBe([$"{Veo} is a text-to-video model and cannot use Image. Use bailian/happyhorse-1.0-i2v or bailian/wan2.6-i2v."]);
        Check(Required(Veo) with { ReferenceImage = "https://a/1.png" }).Errors.ShouldBe(
            [$"{Veo} is a text-to-video model and cannot use ReferenceImage. Use bailian/happyhorse-1.0-r2v or {Edit}."]);
        Check(Required(Veo) with { SourceVideo = "https://a/1.mp4" }).Errors
            .ShouldBe([$"{Veo} is a text-to-video model and cannot use SourceVideo. Use {Edit}."]);
    }

    [Fact]
    public void Another_input_that_the_model_may_ignore_is_a_warning()
    {
        ShouldWarn(
            Required(References) with { Image = "https://a/1.png" },
            $"{References} is a reference-to-video model and may ignore Image.");
        ShouldWarn(
            Required(Veo) with { Parameter = new Dictionary<string, object> { ["image"] = "https://a/1.png" } },
            $"{Veo} is a text-to-video model and may ignore Image.");
    }

    [Theory]
    [InlineData(null, null, null, "google/veo-3.1-lite")]
    [InlineData("https://a/1.png", null, null, "bailian/wan2.6-i2v")]
    [InlineData(null, "https://a/1.png", null, "bailian/happyhorse-1.0-r2v")]
    [InlineData(null, null, "https://a/1.mp4", "bailian/happyhorse-1.0-video-edit")]
    [InlineData(null, "https://a/1.png", "https://a/1.mp4", "bailian/happyhorse-1.0-video-edit")]
    public void Without_a_model_the_default_goes_by_the_inputs(string? image, string? references, string? video, string expected)
    {
        IssueCollector checker = new();
        checker.Check(new RowInput { Prompt = "p", Image = image, ReferenceImage = references, SourceVideo = video })!
            .Model.ShouldBe(expected);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("image_url")]
    public void An_image_among_the_extra_fields_counts(string field) =>
        Check(
            Required(WanImage) with
            {
                Image = null,
                Parameter = new Dictionary<string, object> { [field] = "https://a/1.png" },
            })
            .Errors.ShouldBeEmpty();

    [Fact]
    public void A_video_or_references_among_the_extra_fields_count()
    {
        Check(
            Required(Edit) with
            {
                SourceVideo = null,
                Parameter = new Dictionary<string, object> { ["video_url"] = "https://a/1.mp4" },
            })
            .Errors.ShouldBeEmpty();
        Check(
            Required(References) with
            {
                ReferenceImage = null,
                Parameter = new Dictionary<string, object> { ["reference_image_urls"] = Addresses(1) },
            })
            .Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Veo, "720p", null)]
    [InlineData(Veo, "1080P", null)]
    [InlineData(Veo, "480p", "According to its provider, google/veo-3.1 supports resolution 720P or 1080P. '480P' is sent unchanged.")]
    [InlineData(Nova, "1080P", "According to its provider, bedrock/nova-reel-1.0 supports resolution 720P. '1080P' is sent unchanged.")]
    public void A_resolution_that_the_provider_does_not_list_is_a_warning(string name, string resolution, string? expected) =>
        ShouldWarn(Required(name) with { Resolution = resolution }, expected);

    [Theory]
    [InlineData(Veo, "9:16", null)]
    [InlineData(Veo, "1:1", "According to its provider, google/veo-3.1 supports aspect ratio 16:9 or 9:16. '1:1' is sent unchanged.")]
    [InlineData(Horse, "3:4", null)]
    [InlineData(
        Horse,
        "21:9",
        "According to its provider, bailian/happyhorse-1.0-t2v supports aspect ratio 16:9, 9:16, 1:1, 4:3 or 3:4. '21:9' is sent unchanged."
    )]
    [InlineData(HorseImage, "16:9", "bailian/happyhorse-1.0-i2v uses the aspect ratio of the image and may ignore '16:9'.")]
    [InlineData(Wan26, "21:9", null)]
    public void An_aspect_ratio_that_the_provider_does_not_list_is_a_warning(string name, string ratio, string? expected) =>
        ShouldWarn(Required(name) with { AspectRatio = ratio }, expected);

    [Theory]
    [InlineData(Nova, 512)]
    [InlineData(Horse, 5000)]
    [InlineData(References, 5000)]
    [InlineData(Wan27, 5000)]
    [InlineData(Wan26, 1500)]
    [InlineData(WanImage, 1500)]
    public void A_long_prompt_is_a_warning(string name, int longest)
    {
        ShouldWarn(Required(name) with { Prompt = new string('a', longest) }, null);
        ShouldWarn(Required(name) with { Prompt = new string('a', longest + 1) },
            $"According to its provider, {name} accepts up to {longest} characters. The prompt has {longest + 1} and is sent unchanged.");
    }

    [Theory]
    [InlineData(HorseImage, 300, 9000, null)]
    [InlineData(
        HorseImage,
        299,
        9000,
        "According to its provider, bailian/happyhorse-1.0-i2v requires images of at least 300 pixels per side. This image is 299 by 9000 pixels and is sent unchanged."
    )]
    [InlineData(WanImage, 240, 8000, null)]
    [InlineData(
        WanImage,
        8000,
        239,
        "According to its provider, bailian/wan2.6-i2v requires images of at least 240 pixels per side. This image is 8000 by 239 pixels and is sent unchanged."
    )]
    [InlineData(
        WanImage,
        240,
        8001,
        "According to its provider, bailian/wan2.6-i2v accepts images of at most 8000 pixels per side. This image is 240 by 8001 pixels and is sent unchanged."
    )]
    public void An_image_size_that_the_provider_does_not_accept_is_a_warning(string name, int width, int height, string? expected)
    {
        using TempFolder folder = new();
        ShouldWarn(Required(name) with { Image = folder.Write("a.png", Images.Png(width, height)) }, expected);
    }

    [Fact]
    public void Each_finding_names_its_column()
    {
        using TempFolder folder = new();
        (RowInput Input, string Column)[] errors =
        [
            (Required(References) with { ReferenceImage = Addresses(10) }, "ReferenceImage"),
            (Required(Veo) with { Duration = 9 }, "Duration"),
        ];
        (RowInput Input, string Column)[] warnings =
        [
            (Required(Veo) with { Duration = 5 }, "Duration"),
            (Required(Horse) with { Duration = 2 }, "Duration"),
            (Required(Veo) with { Resolution = "480p" }, "Resolution"),
            (Required(Veo) with { AspectRatio = "1:1" }, "AspectRatio"),
            (Required(HorseImage) with { AspectRatio = "16:9" }, "AspectRatio"),
            (Required(Nova) with { Prompt = new string('a', 513) }, "Prompt"),
            (Required(WanImage) with { Image = folder.Write("small.png", Images.Png(239, 239)) }, "Image"),
            (Required(WanImage) with { Image = folder.Write("large.png", Images.Png(8001, 8001)) }, "Image"),
        ];
        foreach ((RowInput input, string column) in errors)
        {
            IssueCollector checker = new();
            checker.Check(input).ShouldBeNull();
            checker.Errors.Select(error => error.Column).ShouldBe([column]);
        }

        foreach ((RowInput input, string column) in warnings)
        {
            IssueCollector checker = new();
            checker.Check(input).ShouldNotBeNull();
            checker.Warnings.Select(warning => warning.Column).ShouldBe([column]);
        }
    }

    [Fact]
    public void A_model_that_lists_no_resolutions_takes_any() =>
        ModelRules.Check(
            new VideoModel { Name = "m" },
            new VideoRequest { Model = "m", Prompt = "p", Resolution = "480P" },
            (field, text) => Assert.Fail($"{field}: {text}"),
            (field, text) => Assert.Fail($"{field}: {text}"));

    private static RowInput Required(string name)
    {
        VideoModel model = ModelCatalogue.Find(name)!;
        return new RowInput
        {
            Prompt = "p",
            Model = name,
            Image = model.RequiresImage ? "https://a/image.png" : null,
            SourceVideo = model.RequiresSourceVideo ? "https://a/video.mp4" : null,
            ReferenceImage = model.MinimumReferenceImages > 0 ? "https://a/reference.png" : null,
        };
    }

    private static string[] Addresses(int count) => [.. Enumerable.Range(0, count).Select(number => $"https://a/{number}.png")];

    private static void ShouldWarn(RowInput input, string? expected)
    {
        using InCulture culture = new("de-DE");
        (string[] errors, string[] warnings) = Check(input);
        errors.ShouldBeEmpty();
        warnings.ShouldBe(expected is null ? [] : [expected]);
    }

    private static (string[] Errors, string[] Warnings) Check(RowInput input)
    {
        IssueCollector checker = new();
        (checker.Check(input) is null).ShouldBe(checker.Errors.Count > 0);
        return ([.. checker.Errors.Select(error => error.Message)], [.. checker.Warnings.Select(warning => warning.Message)]);
    }
}
