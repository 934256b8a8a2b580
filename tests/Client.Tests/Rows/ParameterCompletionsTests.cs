using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ParameterCompletionsTests
{
    private const string Horse = "bailian/happyhorse-1.0-";

    private static readonly Gen<TypedInput> s_inputs = Gen.Select(
            Gen.Bool,
            Gen.Bool,
            Gen.Bool,
            Gen.Int[-1, 20],
            Gen.Int[0, 3],
            Gen.Int[0, 2])
        .Select(given => new TypedInput
        {
            HasImage = given.Item1,
            HasReferenceImage = given.Item2,
            HasSourceVideo = given.Item3,
            Duration = given.Item4 < 1 ? null : given.Item4,
            AspectRatio = new[] { null, "16:9", "1:1", "x" }[given.Item5],
            Resolution = new[] { null, "720P", "4K" }[given.Item6],
        });

    [Fact]
    public void Without_media_text_to_video_models_come_first_in_catalogue_order() =>
        Names(new TypedInput()).ShouldBe(
        [
            .. ModelCatalogue.All.Where(model => model.Type == "text-to-video").Select(model => model.Name),
            .. ModelCatalogue.All.Where(model => model.Type != "text-to-video").Select(model => model.Name),
        ]);

    [Fact]
    public void With_an_image_the_models_that_require_one_come_first() =>
        Names(new TypedInput { HasImage = true }).Take(2).ShouldBe([Horse + "i2v", "bailian/wan2.6-i2v"]);

    [Fact]
    public void With_reference_images_the_model_that_requires_them_comes_first() =>
        Names(new TypedInput { HasReferenceImage = true })[0].ShouldBe(Horse + "r2v");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_a_source_video_the_editing_model_comes_first(bool references) =>
        Names(new TypedInput { HasSourceVideo = true, HasReferenceImage = references })[0].ShouldBe(Horse + "video-edit");

    [Theory]
    [InlineData(15, Horse + "t2v")]
    [InlineData(6, "google/veo-3.1")]
    [InlineData(2, "bailian/wan2.7-t2v")]
    public void With_a_duration_the_models_that_support_it_come_first(int seconds, string first) =>
        Names(new TypedInput { Duration = seconds })[0].ShouldBe(first);

    [Fact]
    public void A_duration_does_not_outweigh_the_media() =>
        Names(new TypedInput { HasImage = true, Duration = 15 }).Take(3).ShouldBe([Horse + "i2v", "bailian/wan2.6-i2v", Horse + "t2v"]);

    [Fact]
    public void A_ratio_puts_models_that_list_it_first() => Names(new TypedInput { AspectRatio = "1:1" })[0].ShouldBe(Horse + "t2v");

    [Fact]
    public void Every_model_is_suggested_once_and_fitting_models_come_first() =>
        s_inputs.Sample(input =>
        {
            IReadOnlyList<string> names = Names(input);
            names.Order(StringComparer.Ordinal).ShouldBe(ModelCatalogue.All.Select(model => model.Name).Order(StringComparer.Ordinal));
            bool[] fits = [.. names.Select(name => ModelCatalogue.Find(name)!).Select(model =>
                model.RequiresImage == input.HasImage && model.RequiresSourceVideo == input.HasSourceVideo
                && (input.HasReferenceImage ? model.MaximumReferenceImages > 0 : model.MinimumReferenceImages == 0))];
            // The models that fit the media exactly come first.
            fits.SkipWhile(fit => fit).ShouldAllBe(fit => !fit);
        });

    [Theory]
    [InlineData("google/veo-3.1-lite", "text-to-video, Google Vertex, up to 8 s; cheapest; the default")]
    [InlineData("bedrock/nova-reel-1.0", "text-to-video, Amazon Bedrock, up to 6 s")]
    [InlineData("bailian/wan2.6-i2v", "image-to-video, Alibaba Bailian, up to 5 s, needs -Image; the image must be 240 to 8000 pixels per side")]
    [InlineData(
        "bailian/happyhorse-1.0-video-edit",
        "video-edit, Alibaba Bailian, up to 15 s, needs -SourceVideo; the length follows the source video; only the first 15 s are used"
    )]
    public void A_model_is_described_with_type_provider_longest_video_and_note(string name, string note) =>
        NoteOf(new TypedInput(), name).ShouldBe(note);

    [Fact]
    public void Specified_media_are_not_listed_as_required()
    {
        NoteOf(new TypedInput { HasImage = true }, "bailian/wan2.6-i2v").ShouldNotContain("needs");
        NoteOf(new TypedInput { HasReferenceImage = true }, Horse + "r2v").ShouldNotContain("needs");
        NoteOf(new TypedInput(), Horse + "r2v").ShouldContain("needs -ReferenceImage");
    }

    [Fact]
    public void Without_a_model_the_values_of_the_default_model_are_suggested()
    {
        ParameterCompletions
            .AspectRatios(new TypedInput())
            .ShouldBe([new("16:9", "16:9, landscape, for google/veo-3.1-lite"), new("9:16", "9:16, portrait, for google/veo-3.1-lite")]);
        ParameterCompletions.Resolutions(new TypedInput()).Select(suggestion => suggestion.Value).ShouldBe(["720P", "1080P"]);
        ParameterCompletions.Durations(new TypedInput()).Select(suggestion => suggestion.Value).ShouldBe(["4", "6", "8"]);
    }

    [Theory]
    [InlineData("bedrock/nova-reel-1.0", "6")]
    [InlineData("BAILIAN/wan2.7-t2v", "2 3 4 5")]
    [InlineData("bailian/happyhorse-1.0-t2v", "3 4 5 6 7 8 9 10 11 12 13 14 15")]
    [InlineData("new/model", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15")]
    public void Durations_are_those_listed_or_every_second_within_the_limits(string model, string expected) =>
        string.Join(' ', ParameterCompletions.Durations(new TypedInput { Model = model }).Select(suggestion => suggestion.Value))
            .ShouldBe(expected);

    [Theory]
    [InlineData(
        "bailian/wan2.6-i2v",
        "1:1, square; not listed for bailian/wan2.6-i2v, but for bailian/happyhorse-1.0-t2v and 2 others"
    )]
    [InlineData("new/model", "1:1, square; 'new/model' is not in the model catalog, but this value is listed for bailian/happyhorse-1.0-t2v and 2 others")]
    [InlineData(null, "1:1, square, for bailian/happyhorse-1.0-t2v and 2 others")]
    public void If_the_model_lists_no_values_the_suggestion_names_the_models_that_do(string? model, string note) =>
        ParameterCompletions
            .AspectRatios(new TypedInput { Model = model })
            .Single(suggestion => suggestion.Value == "1:1")
            .Note.ShouldBe(note);

    [Fact]
    public void Suggested_values_of_a_known_model_cause_no_warning() =>
        Gen.Int[0, ModelCatalogue.All.Count - 1]
            .Sample(number =>
            {
                VideoModel model = ModelCatalogue.All[number];
                TypedInput input = new()
                {
                    Model = model.Name,
                    HasImage = model.RequiresImage,
                    HasSourceVideo = model.RequiresSourceVideo,
                    HasReferenceImage = model.MinimumReferenceImages > 0,
                };
                foreach (CompletionItem seconds in ParameterCompletions.Durations(input))
                {
                    TypedInput complete = input with
                    {
                        Duration = int.Parse(seconds.Value, System.Globalization.CultureInfo.InvariantCulture),
                        Resolution = ParameterCompletions.Resolutions(input)[0].Value,
                    };
                    ModelRules.Check(
                        model,
                        complete.ToRequest(model),
                        (field, text) => Assert.Fail($"{field}: {text}"),
                        (field, text) => Assert.Fail($"{field}: {text}"));
                }
            });

    [Fact]
    public void A_length_is_suggested_in_seconds() =>
        ParameterCompletions.Durations(new TypedInput { Model = "bedrock/nova-reel-1.0" })
            .ShouldBe([new("6", "6 s, for bedrock/nova-reel-1.0")]);

    [Fact]
    public void Ratios_of_all_models_keep_the_order_of_the_catalogue() =>
        ParameterCompletions.AspectRatios(new TypedInput { Model = null }).Select(suggestion => suggestion.Value)
            .ShouldBe(["16:9", "9:16", "1:1", "4:3", "3:4"]);

    [Fact]
    public void All_missing_media_are_listed() =>
        ParameterCompletions.Describe(
                new VideoModel { Name = "m", Type = "t", Provider = "p", RequiresImage = true, RequiresSourceVideo = true },
                new TypedInput())
            .ShouldBe("t, p, needs -Image and -SourceVideo");

    private static IReadOnlyList<string> Names(TypedInput input) =>
        [.. ParameterCompletions.Models(input).Select(suggestion => suggestion.Value)];

    private static string NoteOf(TypedInput input, string name) =>
        ParameterCompletions.Models(input).Single(suggestion => suggestion.Value == name).Note;
}
