using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class CatalogueCompletionsTests
{
    [Fact]
    public void Names_are_suggested_in_catalogue_order() =>
        CatalogueCompletions
            .Names(_ => true)
            .Select(suggestion => suggestion.Value)
            .ShouldBe(ModelCatalogue.All.Select(model => model.Name));

    [Fact]
    public void Each_provider_and_type_is_suggested_once_with_its_models()
    {
        CatalogueCompletions
            .Providers(_ => true)
            .Select(suggestion => suggestion.Value)
            .ShouldBe(["Google Vertex", "Amazon Bedrock", "Alibaba Bailian"]);
        CatalogueCompletions
            .Types(_ => true)
            .Select(suggestion => suggestion.Value)
            .ShouldBe(["text-to-video", "image-to-video", "reference-to-video", "video-edit"]);
        CatalogueCompletions.Types(_ => true)[1].Note.ShouldBe("2 models: bailian/happyhorse-1.0-i2v, bailian/wan2.6-i2v");
        CatalogueCompletions.Types(_ => true)[3].Note.ShouldBe("1 model: bailian/happyhorse-1.0-video-edit");
    }

    [Fact]
    public void Only_models_that_match_the_filter_count()
    {
        CatalogueCompletions
            .Types(model => model.Provider == "Google Vertex")
            .Single()
            .Note.ShouldBe("3 models: google/veo-3.1, google/veo-3.1-fast, google/veo-3.1-lite");
        CatalogueCompletions.Names(model => model.Type == "video-edit").Single().Value.ShouldBe("bailian/happyhorse-1.0-video-edit");
        CatalogueCompletions.Providers(_ => false).ShouldBeEmpty();
    }
}
