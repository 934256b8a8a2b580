using Chuizi.Video.Client.Models;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Models;

public sealed class ModelCatalogueTests
{
    // The table in the API contract, layer 1: name, provider, type and longest duration; then the required inputs.
    private static readonly (
        string Name,
        string Provider,
        string Type,
        int Longest,
        bool Image,
        bool Video,
        int Fewest,
        int Most
    )[] s_contract =
    [
        ("google/veo-3.1", "Google Vertex", "text-to-video", 8, false, false, 0, 0),
        ("google/veo-3.1-fast", "Google Vertex", "text-to-video", 8, false, false, 0, 0),
        ("google/veo-3.1-lite", "Google Vertex", "text-to-video", 8, false, false, 0, 0),
        ("bedrock/nova-reel-1.1", "Amazon Bedrock", "text-to-video", 6, false, false, 0, 0),
        ("bedrock/nova-reel-1.0", "Amazon Bedrock", "text-to-video", 6, false, false, 0, 0),
        ("bailian/happyhorse-1.0-t2v", "Alibaba Bailian", "text-to-video", 15, false, false, 0, 0),
        ("bailian/happyhorse-1.0-i2v", "Alibaba Bailian", "image-to-video", 15, true, false, 0, 0),
        ("bailian/happyhorse-1.0-r2v", "Alibaba Bailian", "reference-to-video", 15, false, false, 1, 9),
        ("bailian/happyhorse-1.0-video-edit", "Alibaba Bailian", "video-edit", 15, false, true, 0, 5),
        ("bailian/wan2.7-t2v", "Alibaba Bailian", "text-to-video", 5, false, false, 0, 0),
        ("bailian/wan2.6-t2v", "Alibaba Bailian", "text-to-video", 5, false, false, 0, 0),
        ("bailian/wan2.6-i2v", "Alibaba Bailian", "image-to-video", 5, true, false, 0, 0),
    ];

    [Fact]
    public void The_catalogue_has_exactly_the_documented_models_in_order() =>
        ModelCatalogue
            .All.Select(model =>
                (
                    model.Name,
                    model.Provider,
                    model.Type,
                    model.MaximumDuration!.Value,
                    model.RequiresImage,
                    model.RequiresSourceVideo,
                    model.MinimumReferenceImages,
                    model.MaximumReferenceImages))
            .ShouldBe(s_contract);

    [Theory]
    [InlineData("google/veo-3.1", new[] { 4, 6, 8 }, null, new[] { "720P", "1080P" }, new[] { "16:9", "9:16" }, null, null, null)]
    [InlineData("bedrock/nova-reel-1.0", new[] { 6 }, null, new[] { "720P" }, new[] { "16:9" }, 512, null, null)]
    [InlineData("bedrock/nova-reel-1.1", new[] { 6 }, null, new[] { "720P" }, new[] { "16:9" }, 512, null, null)]
    [InlineData(
        "bailian/happyhorse-1.0-t2v",
        new int[0],
        3,
        new[] { "720P", "1080P" },
        new[] { "16:9", "9:16", "1:1", "4:3", "3:4" },
        5000,
        null,
        null
    )]
    [InlineData(
        "bailian/happyhorse-1.0-r2v",
        new int[0],
        3,
        new[] { "720P", "1080P" },
        new[] { "16:9", "9:16", "1:1", "4:3", "3:4" },
        5000,
        null,
        null
    )]
    [InlineData("bailian/happyhorse-1.0-i2v", new int[0], 3, new[] { "720P", "1080P" }, new string[0], null, 300, null)]
    [InlineData("bailian/happyhorse-1.0-video-edit", new int[0], null, new[] { "720P", "1080P" }, new string[0], null, null, null)]
    [InlineData(
        "bailian/wan2.7-t2v",
        new int[0],
        2,
        new[] { "720P", "1080P" },
        new[] { "16:9", "9:16", "1:1", "4:3", "3:4" },
        5000,
        null,
        null
    )]
    [InlineData("bailian/wan2.6-t2v", new int[0], 2, new[] { "720P", "1080P" }, new string[0], 1500, null, null)]
    [InlineData("bailian/wan2.6-i2v", new int[0], 2, new[] { "720P", "1080P" }, new string[0], 1500, 240, 8000)]
    public void The_limits_match_the_provider_documentation(
        string name, int[] durations, int? shortest, string[] resolutions, string[] ratios, int? prompt, int? smallest, int? largest)
    {
        VideoModel model = ModelCatalogue.Find(name).ShouldNotBeNull();
        model.Durations.ShouldBe(durations);
        model.MinimumDuration.ShouldBe(shortest);
        model.Resolutions.ShouldBe(resolutions);
        model.AspectRatios.ShouldBe(ratios);
        model.MaximumPromptLength.ShouldBe(prompt);
        model.MinimumImageSide.ShouldBe(smallest);
        model.MaximumImageSide.ShouldBe(largest);
    }

    [Fact]
    public void The_default_is_the_most_affordable_and_in_the_catalogue() =>
        ModelCatalogue.Find(ModelCatalogue.DefaultModel)!.Note.ShouldBe("cheapest");

    [Theory]
    [InlineData("GOOGLE/Veo-3.1", "google/veo-3.1")]
    [InlineData("bailian/wan2.7-t2v", "bailian/wan2.7-t2v")]
    [InlineData("veo-3.1", "google/veo-3.1")]
    [InlineData("Happyhorse-1.0-VIDEO-edit", "bailian/happyhorse-1.0-video-edit")]
    [InlineData("google/veo3.1", "google/veo-3.1")]
    [InlineData("Veo 3.1 Fast", "google/veo-3.1-fast")]
    [InlineData("wan_2.6_i2v", "bailian/wan2.6-i2v")]
    [InlineData("veo", null)]
    [InlineData("veo-3.1-lite-001", null)]
    [InlineData("", null)]
    public void A_model_is_found_in_any_case_and_without_its_provider(string name, string? expected) =>
        (ModelCatalogue.Find(name)?.Name).ShouldBe(expected);

    [Theory]
    [InlineData("google/veo-3.1-litte", " Did you mean 'google/veo-3.1-lite'?")]
    [InlineData("bailian/happyhorse-1.0-v2t", " Did you mean 'bailian/happyhorse-1.0-t2v'?")]
    [InlineData("amazon/nova-reel-1.1", " Did you mean 'bedrock/nova-reel-1.1'?")]
    [InlineData("wan2.7", " Did you mean 'bailian/wan2.7-t2v'?")]
    [InlineData("*i2v", " Models with this in their names: bailian/happyhorse-1.0-i2v, bailian/wan2.6-i2v.")]
    [InlineData("a", "")]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    public void A_model_is_suggested_only_if_its_name_is_near(string name, string expected) =>
        ModelCatalogue.Suggest(name).ShouldBe(expected);

    [Fact]
    public void Copies_are_independent()
    {
        ModelCatalogue.Copy()[0].Price = 1;
        ModelCatalogue.Copy()[0].Price.ShouldBeNull();
        ModelCatalogue.All[0].Price.ShouldBeNull();
    }
}
