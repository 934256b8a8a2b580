using System.Text;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class AccountTests : ClientTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_account_is_read_flat_or_wrapped(bool wrapped)
    {
        SandboxServer server = Start(
            new SandboxOptions
            {
                WrapKeyInfo = wrapped,
                Balance = 12.345m,
                DailyLimit = 5m,
                RequestsPerMinute = 60,
                AllowedModels = ["google/veo-3.1"],
            });
        VideoAccount account = await Connect(server).GetAccountAsync(CancellationToken.None);
        account.Balance.ShouldBe(12.345m);
        account.DailyLimit.ShouldBe(5m);
        account.RequestsPerMinute.ShouldBe(60);
        account.AllowedModels.ShouldBe(["google/veo-3.1"]);
        account.BaseAddress.ShouldBe(server.BaseAddress);
    }

    [Fact]
    public async Task Missing_account_properties_are_null()
    {
        VideoAccount account = await Connect(Start()).GetAccountAsync(CancellationToken.None);
        account.Balance.ShouldBe(100m);
        account.DailyLimit.ShouldBeNull();
        account.RequestsPerMinute.ShouldBeNull();
        account.AllowedModels.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"balance":"0.1","rpm_limit":"60","daily_limit":1.50,"allowed_models":["a",7,null,"b"]}""", "0.1", 60, "1.50", 2)]
    [InlineData("""{"balance":null,"rpm_limit":-1,"daily_limit":"none","allowed_models":"all"}""", null, null, null, null)]
    [InlineData("""{"balance":[1],"rpm_limit":1e99,"daily_limit":true,"allowed_models":{}}""", null, null, null, null)]
    [InlineData("""{"data":[],"balance":1}""", "1", null, null, null)]
    [InlineData("""{"allowed_models":["\ud800","a"]}""", null, null, null, 1)]
    [InlineData("""{"\ud800":1,"balance":2}""", "2", null, null, null)]
    public async Task Any_account_shape_is_read_as_far_as_possible(string body, string? balance, int? rate, string? daily, int? models)
    {
        RawServer server = Serve(_ => RawReply.Json(body));
        VideoAccount account = await Connect(server.Address).GetAccountAsync(CancellationToken.None);
        (account.Balance?.ToString(System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(balance);
        account.RequestsPerMinute.ShouldBe(rate);
        (account.DailyLimit?.ToString(System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(daily);
        (account.AllowedModels?.Length).ShouldBe(models);
    }

    [Fact]
    public async Task The_models_are_listed_with_prices()
    {
        IReadOnlyList<ListedModel> listed = await Connect(Start()).GetModelsAsync(CancellationToken.None);
        ListedModel lite = listed.Single(model => model.Name == "google/veo-3.1-lite");
        lite.Price.ShouldBe(0.03m);
        lite.PriceUnit.ShouldBe("second");
        lite.OwnedBy.ShouldBe("google");
        listed.Single(model => model.Name == "openai/gpt-sandbox").Aliases.ShouldBe(["gpt-sandbox"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("""{"data":{}}""")]
    [InlineData("""{"data":null}""")]
    public async Task A_model_list_that_is_not_a_list_is_malformed(string body)
    {
        RawServer server = Serve(_ => RawReply.Json(body));
        (await Should.ThrowAsync<ChuiziException>(() => Connect(server.Address).GetModelsAsync(CancellationToken.None))).Kind.ShouldBe(
            ChuiziErrorKind.MalformedReply);
    }

    [Fact]
    public void Any_bytes_produce_a_list_or_a_malformed_reply() =>
        Gen.OneOf(
                JsonGen.Bytes,
                JsonGen.Text.List[0, 4].Select(items => Encoding.UTF8.GetBytes($"{{\"data\":[{string.Join(',', items)}]}}")))
            .Sample(body =>
            {
                try
                {
                    ReplyParser.ReadModels(Replies.Of(body)).ShouldAllBe(model => model.Name.Length > 0);
                }
                catch (ChuiziException exception)
                {
                    exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
                }
            });

    [Fact]
    public async Task A_rejected_key_is_reported_with_the_API_message()
    {
        SandboxServer server = Start();
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() =>
            Connect(server.BaseAddress, "ck-00000000000000000000000000000000").GetAccountAsync(CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidApiKey);
        exception.EndsTheRun.ShouldBeTrue();
        exception.Message.ShouldContain("The API key is missing or not valid.");
    }
}
