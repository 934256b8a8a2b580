namespace Chuizi.Video.Module.Tests.Commands;

public sealed class GetChuiziVideoModelTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("Get-ChuiziVideoModel", 12)]
    [InlineData("Get-ChuiziVideoModel google/*", 3)]
    [InlineData("Get-ChuiziVideoModel -Provider *bailian*", 7)]
    [InlineData("Get-ChuiziVideoModel -Type image-to-video", 2)]
    [InlineData("'google/veo-3.1', '*wan*' | Get-ChuiziVideoModel", 4)]
    [InlineData("Get-ChuiziVideoModel veo-3.1-lite", 1)]
    [InlineData("Get-ChuiziVideoModel wan*i2v", 1)]
    [InlineData("Get-ChuiziVideoModel nothing*", 0)]
    public void Models_are_found_by_name_provider_and_type(string script, int count)
    {
        _shell.Run(script).ShouldBeClean().Output.Count.ShouldBe(count);
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_suggests_the_nearest()
    {
        ErrorRecord error = _shell.Run("Get-ChuiziVideoModel google/veo-3.2").TheError;

        error.FullyQualifiedErrorId.ShouldStartWith("ModelNotFound,");
        error.ToString().ShouldContain("did you mean 'google/veo-3.1'?");
    }

    [Fact]
    public void Online_adds_availability_and_prices_from_the_API()
    {
        Outcome outcome = _shell.Run("Get-ChuiziVideoModel -Online").ShouldBeClean();

        outcome.Values("Listed").ShouldAllBe(listed => true.Equals(listed));
        outcome.Values("Price").ShouldAllBe(price => price is decimal && (decimal)price > 0);
        outcome.Texts("PriceUnit").ShouldAllBe(unit => unit == "second");
        _shell.Run("Get-ChuiziVideoModel").Values("Price").ShouldAllBe(price => price == null, "the catalogue itself has no prices");
    }
}
