using System.Globalization;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>The lists of models, and the accounts, that the API's responses contain.</summary>
public sealed class ReplyParserModelTests
{
    private static readonly Uri s_address = new("https://api.example/v1");

    [Theory]
    [InlineData("""{"price":"0.5"}""", "0.5", null)]
    [InlineData("""{"unit":"second","second":"0.03"}""", "0.03", "second")]
    [InlineData("""{"unit":"second","per_second":"0.03"}""", "0.03", "second")]
    [InlineData("""{"unit":"request","per_request":0.2}""", "0.2", "request")]
    [InlineData("""{"unit":"request","output":"0.2"}""", "0.2", "request")]
    [InlineData("""{"output":"0.2"}""", "0.2", null)]
    [InlineData("""{"completion":"0.3"}""", "0.3", null)]
    [InlineData("""{"amount":0.4}""", "0.4", null)]
    [InlineData("""{"unit":"second","per_second":"0.03","second":"0.02","price":"0.01"}""", "0.01", "second")]
    [InlineData("""{"unit":"second","per_second":"0.03","second":"0.02"}""", "0.02", "second")]
    [InlineData("""{"unit":"second","output":"0.03","per_second":"0.02"}""", "0.02", "second")]
    [InlineData("""{"completion":"0.3","output":"0.2"}""", "0.2", null)]
    [InlineData("""{"amount":"0.4","completion":"0.3"}""", "0.3", null)]
    [InlineData("""{"price":-1,"amount":"0.4"}""", "0.4", null)]
    [InlineData("""{"price":"on request","output":0}""", "0", null)]
    [InlineData("""{"unit":"second"}""", null, "second")]
    [InlineData("""{"unit":"second","per_minute":"0.5"}""", null, "second")]
    [InlineData("""{}""", null, null)]
    [InlineData("\"free\"", null, null)]
    [InlineData("0.5", null, null)]
    public void The_price_of_a_model_is_read_from_the_first_field_that_has_one(string pricing, string? price, string? unit)
    {
        ListedModel model = ReplyParser.ReadModels(Replies.Of($$"""{"data":[{"id":"m","pricing":{{pricing}}}]}""")).Single();

        model.Name.ShouldBe("m");
        (model.Price?.ToString(CultureInfo.InvariantCulture)).ShouldBe(price);
        model.PriceUnit.ShouldBe(unit);
    }

    [Fact]
    public void Entries_without_a_name_are_left_out_of_the_models()
    {
        IReadOnlyList<ListedModel> models = ReplyParser.ReadModels(Replies.Of(
            """{"data":[{"id":""},7,null,[],{"id":null},{"owned_by":"x"},{"id":"a"},{"id":"b","owned_by":"o","aliases":["c",7,"d"]}]}"""));

        models.Select(model => model.Name).ShouldBe(["a", "b"]);
        models[0].OwnedBy.ShouldBeNull();
        models[0].Aliases.ShouldBeEmpty();
        models[0].Price.ShouldBeNull();
        models[0].PriceUnit.ShouldBeNull();
        models[1].OwnedBy.ShouldBe("o");
        models[1].Aliases.ShouldBe(["c", "d"]);
    }

    [Fact]
    public void An_empty_list_of_models_is_a_list() => ReplyParser.ReadModels(Replies.Of("""{"data":[]}""")).ShouldBeEmpty();

    [Theory]
    [InlineData(
        """{"error":{"message":"bad","type":"t","code":"E-1"}}""",
        "The API's response (application/json) has no list of models: bad",
        "t",
        "E-1")]
    [InlineData("""{"code":"E-1","message":"bad"}""", "The API's response (application/json) has no list of models: bad", null, "E-1")]
    [InlineData(
        """{"data":{"id":"m"}}""",
        """The API's response (application/json) has no list of models: {"data":{"id":"m"}} (application/json)""",
        null,
        null)]
    public void A_response_without_a_list_of_models_is_reported_with_its_error(string body, string message, string? type, string? code)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => ReplyParser.ReadModels(Replies.Of(body)));

        exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
        exception.Message.ShouldBe(message);
        exception.Type.ShouldBe(type);
        exception.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("""{"balance":"1.5"}""")]
    [InlineData("""{"data":{"balance":"1.5"}}""")]
    [InlineData("""{"balance":"7","data":{"balance":"1.5"}}""")]
    [InlineData("""{"code":0,"message":"ok","data":{"balance":"1.5"}}""")]
    [InlineData("""{"code":"KEY_INFO","message":"as requested","balance":"1.5"}""")]
    [InlineData("""{"error":null,"balance":"1.5"}""")]
    public void The_balance_is_read_from_the_account_of_the_response(string body)
    {
        VideoAccount account = ReplyParser.ReadAccount(Replies.Of(body), s_address);

        account.Balance.ShouldBe(1.5m);
        account.BaseAddress.ShouldBe(s_address);
    }

    [Fact]
    public void All_parts_of_an_account_are_read()
    {
        VideoAccount account = ReplyParser.ReadAccount(
            Replies.Of("""{"data":{"balance":"1.5","rpm_limit":60,"daily_limit":"20","allowed_models":["a","b"]}}"""), s_address);

        account.Balance.ShouldBe(1.5m);
        account.RequestsPerMinute.ShouldBe(60);
        account.DailyLimit.ShouldBe(20m);
        account.AllowedModels.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("""{"error":{"message":"bad","type":"t","code":"E-1"}}""")]
    [InlineData("""{"balance":"1.5","error":{"message":"bad","type":"t","code":"E-1"}}""")]
    public void An_error_instead_of_an_account_is_reported(string body)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => ReplyParser.ReadAccount(Replies.Of(body), s_address));

        exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
        exception.Message.ShouldBe("The API's response (application/json) has no account: bad");
        exception.Type.ShouldBe("t");
        exception.Code.ShouldBe("E-1");
    }
}
