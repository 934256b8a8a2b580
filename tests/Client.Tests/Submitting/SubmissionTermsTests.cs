using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionTermsTests
{
    [Fact]
    public void A_limit_requires_prices_and_is_named_in_sentences()
    {
        using TempFolder folder = new();
        SubmissionTerms none = new() { Origin = Records.Api };
        SubmissionTerms cost = none with { MaxCost = 5 };
        SpendingJournal journal = new(folder.Path, new ManualClock());
        SubmissionTerms month = none with { Budget = new MonthlyBudget(journal, 9, Records.Api) };
        SubmissionTerms both = month with { MaxCost = 5, MaxCostName = "CHUIZI_MAX_COST" };
        new[] { none, cost, month, both }.Select(terms => terms.RequiresPrices).ShouldBe([false, true, true, true]);
        cost.LimitsRequire.ShouldBe("-MaxCost requires");
        month.LimitsRequire.ShouldBe("CHUIZI_MONTHLY_BUDGET requires");
        both.LimitsRequire.ShouldBe("CHUIZI_MAX_COST and CHUIZI_MONTHLY_BUDGET require");
    }
}
