using System.Globalization;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>-MaxCost is never exceeded, and an unknown price is reported as unknown.</summary>
public sealed class NewChuiziVideoCostTests : IDisposable
{
    // 20 rows at $0.60 (4 s of veo-3.1-fast) and 5 at $1.60 (4 s of veo-3.1): $20 in total.
    private const string Rows = """
        $rows = 1..25 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Model = ($_ % 5 -eq 0 ? 'google/veo-3.1' : 'google/veo-3.1-fast'); Duration = 4 } };
        """;

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("")]
    [InlineData("-Ledger run.jsonl")]
    public void Rows_that_would_exceed_MaxCost_are_skipped_with_one_error(string ledger)
    {
        Outcome outcome = _shell.Run(Rows + $"$rows | New-ChuiziVideo -MaxCost 5 {ledger} | Wait-ChuiziVideo | Save-ChuiziVideo out");

        decimal spent = _shell.Server.Jobs.Sum(job => job.Cost);
        spent.ShouldBeInRange(4.4m, 5);
        outcome.TheError.FullyQualifiedErrorId.ShouldBe("CostLimitReached,Chuizi.Video.Module.Commands.NewChuiziVideoCommand");
        int skipped = 25 - _shell.Server.Jobs.Count;
        outcome.TheError.ToString().ShouldContain($"({skipped} videos)");
        outcome.Texts("Status").Count(status => status == "skipped").ShouldBe(skipped);
        outcome.Texts("Status").Count(status => status == "succeeded").ShouldBe(25 - skipped);
        outcome
            .Output.Where(video => ((Video)video.BaseObject).Status == "skipped")
            .ShouldAllBe(video => ((Video)video.BaseObject).Error!.Code == "CostLimitReached");
    }

    [Theory]
    [InlineData("'1,50'")]
    [InlineData("0,5")]
    [InlineData("'one'")]
    [InlineData("'-1'")]
    [InlineData("'1.000,50'")]
    public void An_ambiguous_MaxCost_is_refused_instead_of_guessed(string ceiling)
    {
        _shell.Run($"New-ChuiziVideo 'p' -MaxCost {ceiling}").Thrown.ShouldBeAssignableTo<ParameterBindingException>();
        _shell.Requests.ShouldBeEmpty();
        _shell
            .Run(Rows + "$rows[0..3] | New-ChuiziVideo -MaxCost '1.50'")
            .Output.Count(video => ((Video)video.BaseObject).Status == "processing")
            .ShouldBe(2);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void MaxCost_applies_to_all_runs_of_a_ledger()
    {
        const string Run = "$rows | New-ChuiziVideo -MaxCost 5 -Ledger run.jsonl | Wait-ChuiziVideo";
        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        for (int run = 0; run < 3; run++)
        {
            _shell.Run(Run).TheError.FullyQualifiedErrorId.ShouldStartWith("CostLimitReached,");
            _shell.Server.Jobs.Sum(job => job.Cost).ShouldBeLessThanOrEqualTo(5);
        }

        _shell.Run(Run.Replace("5 -Ledger", "20 -Ledger", StringComparison.Ordinal)).ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(25);
        _shell.Server.Jobs.Sum(job => job.Cost).ShouldBe(20);
    }

    [Fact]
    public void A_submission_with_an_unknown_outcome_counts_as_spent()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance, Route = SandboxRoute.Submit, Times = 2 });
        Outcome outcome = _shell.Run("1..5 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -Duration 4 -ThrottleLimit 1 -MaxCost 0.36");

        outcome.Texts("Status").ShouldBe(["unknown", "unknown", "processing", "skipped", "skipped"]);
        _shell.Server.Jobs.Count.ShouldBe(3);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_cost_of_a_failed_row_is_available_to_the_next_run()
    {
        const string Run = "'forbidden 1', 'p2', 'p3' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl -MaxCost 0.24 | Wait-ChuiziVideo";
        _shell.Run(Run).Texts("Status").Order().ShouldBe(["failed", "skipped", "succeeded"]);
        Outcome second = _shell.Run(Run);
        second.Errors.ShouldBeEmpty();
        second.Texts("Status").Order().ShouldBe(["failed", "succeeded", "succeeded"]);
    }

    [Fact]
    public void With_MaxCost_an_unknown_price_is_an_error_that_suggests_EstimatedCost()
    {
        Outcome outcome = _shell.Run("'a', 'b', 'c' | New-ChuiziVideo -Model new/model -MaxCost 5 -WarningAction Ignore");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("UnknownPrice,");
        outcome.TheError.ToString().ShouldContain("The price of new/model without a duration is unknown (rows 1-3).");
        outcome.TheError.ErrorDetails.RecommendedAction.ShouldContain("EstimatedCost");
        outcome.Output.ShouldBeEmpty();
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_Duration_EstimatedCost_counts_or_else_the_cost_of_the_longest_video()
    {
        _shell
            .Run("'a', 'b', 'c' | New-ChuiziVideo -MaxCost 0.5 -EstimatedCost 0.2")
            .Texts("Status")
            .ShouldBe(["processing", "processing", "skipped"]);
        _shell.Run("[pscustomobject]@{ Prompt = 'd'; EstimatedCost = '$0.2' } | New-ChuiziVideo -MaxCost 0.5").ShouldBeClean();
        Outcome longest = _shell.Run("'e', 'f', 'g' | New-ChuiziVideo -MaxCost 0.5");
        longest.Texts("Status").ShouldBe(["processing", "processing", "skipped"]);
        longest.TheError.ToString().ShouldContain("Row 3 would cost at most $0.24, but $0.48 of the $0.50 limit is already spent");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Without_a_Duration_a_cost_from_the_ledger_is_used()
    {
        _shell.Run("'a' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        Outcome outcome = _shell.Run("'b', 'c', 'd' | New-ChuiziVideo -Ledger run.jsonl -MaxCost 0.5");
        outcome.Texts("Status").ShouldBe(["processing", "processing", "skipped"], "0.15 each, and 0.15 are spent");
    }

    [Fact]
    public void Without_a_price_list_EstimatedCost_counts()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Route = SandboxRoute.Models });
        Outcome outcome = _shell.Run("'a', 'b' | New-ChuiziVideo -Duration 4 -MaxCost 1 -EstimatedCost 0.7");
        outcome.Texts("Status").ShouldBe(["processing", "skipped"]);
        outcome.Warnings.Single().ShouldContain("Prices could not be retrieved from the API");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("much")]
    public void An_invalid_MaxCost_is_refused_by_parameter_binding(string ceiling)
    {
        _shell.Run($"New-ChuiziVideo 'p' -MaxCost {ceiling}").TheError.ToString().ShouldContain("'MaxCost'");
        _shell.Posts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'gratis'")]
    [InlineData("-1")]
    [InlineData("'1,5'")]
    public void An_invalid_EstimatedCost_is_reported_with_its_row(string cost)
    {
        Outcome outcome = _shell.Run($"'p' | New-ChuiziVideo -EstimatedCost {cost}");
        outcome.TheError.ToString().ShouldStartWith("Row 1: EstimatedCost ");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Amounts_mean_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Outcome outcome = _shell.Run(
                "1..3 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; EstimatedCost = '0.2' } } | New-ChuiziVideo -MaxCost 0.5");
            outcome.Texts("Status").ShouldBe(["processing", "processing", "skipped"]);
            outcome.TheError.ToString().ShouldContain("Row 3 would cost $0.20, but $0.40 of the $0.50 limit is already spent or committed to videos in progress.");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
