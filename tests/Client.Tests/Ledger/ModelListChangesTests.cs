using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Models;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class ModelListChangesTests : LedgerTest
{
    private const string Lite = "google/veo-3.1-lite";

    [Theory]
    [InlineData("second", "0.03", null)]
    [InlineData("second", "0.0301", null)]
    [InlineData("second", "0.0303", null)]
    [InlineData("second", "0.030301", "Dearer (was $0.03/s)")]
    [InlineData("second", "0.0297", null)]
    [InlineData("second", "0.029699", "Cheaper (was $0.03/s)")]
    [InlineData("second", "0.04", "Dearer (was $0.03/s)")]
    [InlineData("second", "0.02", "Cheaper (was $0.03/s)")]
    [InlineData("second", "0", null)]
    [InlineData("second", null, null)]
    [InlineData("request", "0.18", null)]
    [InlineData("request", "0", null)]
    [InlineData("request", null, null)]
    [InlineData("request", "0.30", "Dearer (was $0.18/request)")]
    [InlineData("request", "0.10", "Cheaper (was $0.18/request)")]
    [InlineData("token", "9", null)]
    [InlineData(null, "9", null)]
    public void A_price_is_compared_with_the_last_cost_for_the_same_unit(string? unit, string? price, string? expected)
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, Lite, 6, "720P", 0.18m, Records.Noon);
        seen.Add(Records.Api, Lite, 6, "1080P", 0.90m, Records.Noon.AddDays(-1));
        seen.Add(Records.Elsewhere, Lite, 6, null, 0.90m, Records.Noon.AddDays(1));
        decimal? listed = price is null ? null : decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture);

        ModelListChanges.Of(Lite, [new("GOOGLE/VEO-3.1-lite", null, [], listed, unit)], seen, Records.Api).ShouldBe(expected);
        ModelListChanges.Of(Lite, [new("alias", null, [Lite], listed, unit)], seen, Records.Api).ShouldBe(expected);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Without_a_duration_a_price_per_second_is_not_compared(int? duration)
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, Lite, duration, null, 0.18m);
        ModelListChanges.Of(Lite, [Listed(Lite, 9m)], seen, Records.Api).ShouldBeNull();
    }

    [Theory]
    [InlineData("second")]
    [InlineData("request")]
    public void A_price_is_not_compared_with_a_cost_of_0(string unit)
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, Lite, 6, null, 0m);
        ModelListChanges.Of(Lite, [new(Lite, null, [], 0.1m, unit)], seen, Records.Api).ShouldBeNull();
    }

    [Fact]
    public void A_listed_model_that_was_never_seen_is_new()
    {
        SeenPrices seen = new();
        ModelListChanges.Of("kling/kling-3", [Listed("kling/kling-3", 0.1m)], seen, Records.Api).ShouldBe("New");
        ModelListChanges.Of(Lite, [Listed(Lite, 0.1m)], seen, Records.Api).ShouldBeNull("the catalog has it");
        seen.Add(Records.Elsewhere, "kling/kling-3", 5, null, 0.5m);
        ModelListChanges.Of("kling/kling-3", [Listed("kling/kling-3", 0.1m)], seen, Records.Api).ShouldBe("New", "another API had it");
        seen.Add(Records.Api, "kling/kling-3", 5, null, 0.5m);
        ModelListChanges.Of("kling/kling-3", [Listed("kling/kling-3", 0.1m)], seen, Records.Api).ShouldBeNull();
    }

    [Fact]
    public void A_known_model_is_gone_only_if_the_list_has_other_video_models()
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, "old/model", 5, null, 0.5m);
        ListedModel chat = new("openai/gpt", "openai", [], 1, "token");
        foreach (string model in (string[])[Lite, "old/model"])
        {
            ModelListChanges.Of(model, [], seen, Records.Api).ShouldBeNull();
            ModelListChanges.Of(model, [chat], seen, Records.Api).ShouldBeNull();
            ModelListChanges.Of(model, [chat, Listed("google/veo-3.1", 0.4m)], seen, Records.Api).ShouldBe("Gone");
            ModelListChanges.Of(model, [chat, new("google/veo-3.1", null, [], 1, "request")], seen, Records.Api).ShouldBe("Gone");
        }

        ModelListChanges.Of("never/seen", [Listed("google/veo-3.1", 0.4m)], seen, Records.Api).ShouldBeNull();
    }

    [Fact]
    public void The_list_has_the_catalogue_then_new_models_then_those_that_are_gone()
    {
        SeenPrices seen = new();
        seen.Add(Records.Api, "old/model", 5, null, 0.5m);
        seen.Add(Records.Api, "used/model", 5, null, 0.5m);
        ListedModel[] listed =
        [
            .. ModelCatalogue.All.Skip(1).Select(model => Listed(model.Name, 0.1m)),
            new("openai/gpt", "openai", [], 1, "token"),
            new("acme/some-i2v", "Acme", [], 2, "request"),
            Listed("acme/fast", 0.2m),
            new("used/model", "Used", [], null, null),
        ];
        IReadOnlyList<VideoModel> models = ModelListChanges.Mark(listed, seen, Records.Api);

        models.Take(ModelCatalogue.All.Count).Select(model => model.Name).ShouldBe(ModelCatalogue.All.Select(model => model.Name));
        (models[0].Change, models[0].Listed, models[1].Change).ShouldBe(("Gone", false, null));
        models.Skip(ModelCatalogue.All.Count)
            .Select(model => $"{model.Name} of {model.Provider}, {model.Listed}, {DisplayText.Cost(model.Price)}, {model.Change}")
            .ShouldBe(
            [
                "acme/some-i2v of Acme, True, $2.00, New",
                "acme/fast of acme, True, $0.20, New",
                "used/model of Used, True, , ",
                "old/model of , False, , Gone",
            ]);
        ModelListChanges.Mark([], seen, Records.Api).ShouldAllBe(model => model.Change == null);
    }

    [Theory]
    [InlineData("acme/some-video")]
    [InlineData("acme/T2V-one")]
    [InlineData("acme/i2v")]
    [InlineData("acme/r2v.5")]
    [InlineData("acme/new-v2v")]
    public void A_listed_model_with_a_part_that_only_video_models_have_is_new(string name)
    {
        ListedModel[] listed = [new(name, "Acme\n", [], 1, "request"), new("acme/chat", "Acme", [], 1, "token")];
        VideoModel model = ModelListChanges.Mark(listed, new SeenPrices(), Records.Api).Skip(ModelCatalogue.All.Count).Single();
        (model.Name, model.Provider, model.Change, model.Price, model.PriceUnit, model.Listed)
            .ShouldBe((name, "Acme", "New", 1m, "request", true));
    }

    [Fact]
    public void Models_that_are_gone_are_sorted_and_those_of_the_catalogue_are_not_repeated()
    {
        SeenPrices seen = new();
        foreach (string name in new[] { "zeta/old", "Beta/old", "alpha/old", ModelCatalogue.All[0].Name })
        {
            seen.Add(Records.Api, name, 5, null, 0.5m);
        }

        seen.Add(Records.Elsewhere, "beta/elsewhere", 5, null, 0.5m);
        IReadOnlyList<VideoModel> models = ModelListChanges.Mark([Listed(ModelCatalogue.All[1].Name, 0.1m)], seen, Records.Api);
        models.Skip(ModelCatalogue.All.Count).Select(model => model.Name).ShouldBe(["alpha/old", "Beta/old", "zeta/old"]);
        models.Skip(ModelCatalogue.All.Count).ShouldAllBe(model => model.Change == "Gone");
        models[0].Change.ShouldBe("Gone");
    }

    [Fact]
    public void Costs_are_read_from_all_ledgers_that_can_be_read()
    {
        Write(Records.Intent("a"), Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.2m));
        string other = Home.Of("other.jsonl");
        LedgerRecord later = Records.Intent("b");
        later.At = Records.Noon.AddDays(2);
        File.WriteAllBytes(
            other, Records.Bytes(later, Records.Submitted("b", "vid-2"), Records.Settled("vid-2", VideoStatus.Succeeded, 0.3m)));

        foreach (string[] files in (string[][])[[LedgerPath, Home.Of("none.jsonl"), other], [other, Home.Path, LedgerPath]])
        {
            SeenPrices seen = LedgerListing.ReadPrices(files, CancellationToken.None);
            seen.Last(Records.Api, Records.Model).ShouldBe((6, 0.3m), "the newest submission, in any order of the files");
            seen.Models(Records.Api).ShouldBe([Records.Model]);
            seen.Models(Records.Elsewhere).ShouldBeEmpty();
        }
    }

    private static ListedModel Listed(string name, decimal price) => new(name, name.Split('/')[0], [], price, "second");

    [Fact]
    public void Joining_adds_the_listing_and_the_prices()
    {
        IReadOnlyList<VideoModel> models = ModelCatalogue.Copy();
        ModelListChanges.Join(models,
        [
            new("GOOGLE/veo-3.1", "google", [], 0.4m, "second"),
            new("vertex/veo-fast-latest", "google", ["x", "google/VEO-3.1-fast"], 0.15m, "second"),
            new("bedrock/nova-reel-1.0", null, [], null, null),
            new("openai/gpt", "openai", ["gpt"], 1m, "token"),
        ]);
        Describe("google/veo-3.1").ShouldBe((true, 0.4m, "second"));
        Describe("google/veo-3.1-fast").ShouldBe((true, 0.15m, "second"));
        Describe("bedrock/nova-reel-1.0").ShouldBe((true, null, null));
        Describe("bailian/wan2.7-t2v").ShouldBe((false, null, null));
        models.Count(model => model.Listed == true).ShouldBe(3);

        (bool?, decimal?, string?) Describe(string name)
        {
            VideoModel model = models.Single(model => model.Name == name);
            return (model.Listed, model.Price, model.PriceUnit);
        }
    }
}
