using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SpendingLimitsTests
{
    [Theory]
    [InlineData(null, null, null, "-MaxCost")]
    [InlineData(5, null, 5.0, "-MaxCost")]
    [InlineData(null, "200", 200.0, "CHUIZI_MAX_COST")]
    [InlineData(5, "19.50", 5.0, "-MaxCost")]
    [InlineData(50, "19.50", 19.5, "CHUIZI_MAX_COST")]
    [InlineData(50, "0", 0.0, "CHUIZI_MAX_COST")]
    [InlineData(5, "5", 5.0, "-MaxCost")]
    [InlineData(5, "  ", 5.0, "-MaxCost")]
    [InlineData(null, " 7 ", 7.0, "CHUIZI_MAX_COST")]
    public void The_lower_limit_applies(int? parameter, string? variable, double? expected, string name)
    {
        using InCulture culture = new("de-DE");
        SpendingLimits limits = SpendingLimits.Of(parameter, asked => asked == "CHUIZI_MAX_COST" ? variable : null);
        limits.MaxCost.ShouldBe((decimal?)expected);
        limits.MaxCostName.ShouldBe(name);
        limits.MonthlyBudget.ShouldBeNull();
    }

    [Theory]
    [InlineData("19,50")]
    [InlineData("$200")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    [InlineData("unlimited")]
    [InlineData("20 USD")]
    [InlineData("99999999999999999999")]
    [InlineData("NaN")]
    public void Anything_but_an_amount_is_an_error_that_names_the_variable(string value)
    {
        foreach (string name in new[] { "CHUIZI_MAX_COST", "CHUIZI_MONTHLY_BUDGET" })
        {
            ChuiziException exception = Should.Throw<ChuiziException>(() =>
                SpendingLimits.Of(1, asked => asked == name ? value : null));
            exception.Kind.ShouldBe(ChuiziErrorKind.InvalidSetting);
            exception.Message.ShouldStartWith($"The environment variable {name} is '{value}'");
        }
    }
}
