using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Models;

public sealed class ListedModelTests
{
    [Theory]
    [InlineData("""{"price":"0.40","unit":"second"}""", "0.4", "second")]
    [InlineData("""{"second":"0.40","unit":"second"}""", "0.4", "second")]
    [InlineData("""{"per_second":0.40,"unit":"second"}""", "0.4", "second")]
    [InlineData("""{"output":"0.40","unit":"request"}""", "0.4", "request")]
    [InlineData("""{"request":"2","unit":"request"}""", "2", "request")]
    [InlineData("""{"unit":"second"}""", null, "second")]
    [InlineData("""{"price":"on request"}""", null, null)]
    [InlineData("""{"price":-1,"unit":"request"}""", null, "request")]
    [InlineData("""{"price":1e20,"unit":"second"}""", null, "second")]
    [InlineData("[]", null, null)]
    [InlineData("null", null, null)]
    public void A_price_is_read_under_any_known_name_or_is_null(string pricing, string? price, string? unit)
    {
        ListedModel model = ReplyParser
            .ReadModels(Replies.Of($$$"""{"object":"list","data":[{"id":"m","pricing":{{{pricing}}}}]}"""))
            .Single();
        (model.Price?.ToString(System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(price);
        model.PriceUnit.ShouldBe(unit);
    }

    [Fact]
    public void Invalid_entries_are_omitted() =>
        ReplyParser.ReadModels(Replies.Of("""{"data":[1,null,"a",[],{},{"id":null},{"id":""},{"id":"m","aliases":["a",1,"\ud800"]}]}"""))
            .Single().Aliases.ShouldBe(["a"]);
}
