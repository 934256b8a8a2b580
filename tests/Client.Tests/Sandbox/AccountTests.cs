using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class AccountTests : SandboxTest
{
    [Fact]
    public async Task Video_models_are_listed_among_others()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.GetAsync("/models");
        JsonObject body = await SandboxClient.JsonAsync(response);
        body["object"]!.GetValue<string>().ShouldBe("list");
        JsonNode[] models = [.. body["data"]!.AsArray().Select(node => node!)];
        models.Where(model => model["pricing"]!["unit"]!.GetValue<string>() == "second")
            .Select(model => model["id"]!.GetValue<string>())
            .ShouldBe(ModelCatalogue.All.Select(model => model.Name));
        models.Count(model => model["pricing"]!["unit"]!.GetValue<string>() == "token").ShouldBe(2);
        models.ShouldAllBe(model => model["aliases"] is JsonArray && model["owned_by"]!.GetValue<string>().Length > 0);
        models
            .Select(model => decimal.Parse(model["pricing"]!["output"]!.GetValue<string>(), CultureInfo.InvariantCulture))
            .ShouldAllBe(price => price > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Key_info_is_flat_or_wrapped(bool wrapped)
    {
        SandboxClient client = Start(new SandboxOptions
        {
            WrapKeyInfo = wrapped,
            RequestsPerMinute = 60,
            DailyLimit = 5,
            AllowedModels = ["google/veo-3.1-lite"],
        });
        await client.MakeAsync();
        using HttpResponseMessage response = await client.GetAsync("/key/info");
        JsonObject body = await SandboxClient.JsonAsync(response);
        JsonObject info = wrapped ? body["data"]!.AsObject() : body;
        info["balance"]!.GetValue<string>().ShouldBe("99.85000000");
        info["rpm_limit"]!.GetValue<int>().ShouldBe(60);
        info["daily_limit"]!.GetValue<string>().ShouldBe("5.00000000");
        info["allowed_models"]!.ToJsonString().ShouldBe("""["google/veo-3.1-lite"]""");
    }

    [Fact]
    public async Task Key_info_has_null_for_no_limit()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.GetAsync("/key/info");
        JsonObject info = await SandboxClient.JsonAsync(response);
        foreach (string name in new[] { "rpm_limit", "daily_limit", "allowed_models" })
        {
            info.ContainsKey(name).ShouldBeTrue();
            info[name].ShouldBeNull();
        }
    }

    [Fact]
    public async Task The_cost_record_is_found_by_either_id()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        foreach (string asked in new[] { id, client.Server.Jobs[0].GenerationId })
        {
            using HttpResponseMessage response = await client.GetAsync("/generation?x=1&id=" + asked);
            JsonObject data = (await SandboxClient.JsonAsync(response))["data"]!.AsObject();
            data["id"]!.GetValue<string>().ShouldBe(id);
            data["status"]!.GetValue<string>().ShouldBe("succeeded");
            data["cost"]!.GetValue<string>().ShouldBe("0.15000000");
        }
    }

    [Fact]
    public async Task The_cost_record_of_the_older_guide_has_the_URL()
    {
        (SandboxClient client, string id) = await StartFinishedAsync(
            new SandboxOptions { Clock = Clock, Shape = SandboxResultShape.Legacy });
        using HttpResponseMessage response = await client.GetAsync("/generation?id=" + id);
        JsonObject data = (await SandboxClient.JsonAsync(response))["data"]!.AsObject();
        data["status"]!.GetValue<string>().ShouldBe("completed");
        data["output"]!["video_url"]!.GetValue<string>().ShouldEndWith(id + ".mp4");
    }

    [Fact]
    public async Task A_failed_generation_costs_nothing()
    {
        SandboxClient client = Start();
        string id = await client.MakeAsync("""{"model":"google/veo-3.1-lite","prompt":"forbidden"}""");
        (await Cost()).ShouldBe("0.15000000");
        Clock.Advance(TimeSpan.FromSeconds(2));
        (await Cost()).ShouldBe("0.00000000");

        async Task<string> Cost()
        {
            using HttpResponseMessage response = await client.GetAsync("/generation?id=" + id);
            return (await SandboxClient.JsonAsync(response))["data"]!["cost"]!.GetValue<string>();
        }
    }

    [Fact]
    public async Task The_cost_record_requires_a_known_id()
    {
        SandboxClient client = Start();
        using HttpResponseMessage unknown = await client.GetAsync("/generation?id=nothing");
        (await SandboxClient.ErrorAsync(unknown, HttpStatusCode.NotFound)).Code.ShouldBe("generation_not_found");
        using HttpResponseMessage missing = await client.GetAsync("/generation");
        (await SandboxClient.ErrorAsync(missing, HttpStatusCode.BadRequest)).Code.ShouldBe("validation_error");
    }

    [Fact]
    public async Task An_empty_account_creates_no_job_until_a_refund()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, Balance = 0.30m });
        await client.MakeAsync();
        await client.MakeAsync("""{"model":"google/veo-3.1-lite","prompt":"forbidden","duration":5}""");
        using HttpResponseMessage response = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.PaymentRequired)).Code.ShouldBe("insufficient_balance");
        client.Server.Jobs.Count.ShouldBe(2);
        Clock.Advance(TimeSpan.FromSeconds(2));
        await client.MakeAsync();
        client.Server.Balance.ShouldBe(0);
    }

    [Fact]
    public async Task The_daily_limit_ends_with_the_day()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, DailyLimit = 0.20m });
        await client.MakeAsync();
        using HttpResponseMessage response = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.Forbidden)).Code.ShouldBe("daily_limit_exceeded");
        Clock.Advance(TimeSpan.FromDays(1));
        await client.MakeAsync();
    }

    [Fact]
    public async Task A_refund_also_restores_the_daily_limit()
    {
        SandboxClient client = Start(new SandboxOptions { Clock = Clock, DailyLimit = 0.20m });
        await client.MakeAsync("""{"model":"google/veo-3.1-lite","prompt":"forbidden","duration":5}""");
        Clock.Advance(TimeSpan.FromSeconds(2));
        await client.MakeAsync();
    }

    [Fact]
    public async Task Only_allowed_models_may_be_used()
    {
        SandboxClient client = Start(new SandboxOptions { AllowedModels = ["google/veo-3.1-fast"] });
        using HttpResponseMessage response = await client.SubmitAsync();
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.Forbidden)).Code.ShouldBe("model_not_allowed");
        await client.MakeAsync("""{"model":"google/veo-3.1-fast","prompt":"x"}""");
    }

    [Fact]
    public async Task Every_route_except_media_requires_the_key()
    {
        SandboxClient client = Start();
        client.Key = "ck-" + new string('x', 32);
        foreach (string path in new[] { "/models", "/key/info", "/generation?id=a", "/videos/a" })
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            (await SandboxClient.ErrorAsync(response, HttpStatusCode.Unauthorized)).Code.ShouldBe("invalid_api_key");
        }
    }
}
