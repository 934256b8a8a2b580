namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Limits of the environment that no parameter exceeds, -StopAtLimit, and what a call says that it spent.</summary>
public sealed class SpendingLimitTests : IDisposable
{
    // $0.60, $1.60, $0.60, $0.60.
    private const string Rows = """
        $rows = 'fast', '', 'fast', 'fast' | ForEach-Object {
            [pscustomobject]@{ Prompt = 'p'; Model = "google/veo-3.1$($_ ? "-$_" : '')"; Duration = 4 } };
        """;

    private readonly RecordingHost _host = new(400);
    private readonly Shell _shell;
    private readonly string? _stateBefore = Environment.GetEnvironmentVariable("XDG_STATE_HOME");

    public SpendingLimitTests()
    {
        _shell = new Shell(host: _host);
        Set("XDG_STATE_HOME", Path.Combine(_shell.Folder, "state"));
    }

    private decimal Spent => _shell.Server.Jobs.Sum(job => job.Cost);

    public void Dispose()
    {
        Set("CHUIZI_MAX_COST", null);
        Set("CHUIZI_MONTHLY_BUDGET", null);
        Set("XDG_STATE_HOME", _stateBefore);
        _shell.Dispose();
    }

    [Theory]
    [InlineData("", "1.30", 2, "CHUIZI_MAX_COST")]
    [InlineData("-MaxCost 100", "1.30", 2, "CHUIZI_MAX_COST")]
    [InlineData("-MaxCost 0.7", "1.30", 1, "-MaxCost")]
    [InlineData("-MaxCost 100", "0", 0, "CHUIZI_MAX_COST")]
    public void No_parameter_exceeds_the_limit_of_the_environment(string parameter, string variable, int sent, string name)
    {
        Set("CHUIZI_MAX_COST", variable);
        Outcome outcome = _shell.Run(Rows + $"$rows | New-ChuiziVideo {parameter}");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("CostLimitReached,");
        outcome.TheError.ToString().ShouldContain($"Skipped because {name} would be exceeded");
        _shell.Server.Jobs.Count.ShouldBe(sent);
        outcome.Texts("Status").Count(status => status == "skipped").ShouldBe(4 - sent);
    }

    [Theory]
    [InlineData("CHUIZI_MAX_COST", "19,50")]
    [InlineData("CHUIZI_MONTHLY_BUDGET", "$20")]
    public void A_limit_that_is_not_an_amount_ends_the_call(string name, string value)
    {
        Set(name, value);
        Outcome outcome = _shell.Run(Rows + "$rows | New-ChuiziVideo -MaxCost 5");
        ErrorRecord error = outcome.TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("InvalidSetting,");
        error.ToString().ShouldContain($"The environment variable {name} is '{value}'");
        _shell.Posts.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_monthly_budget_covers_all_ledgers_and_calls_and_counts_actual_costs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "The state folder cannot be moved there.");
        Set("CHUIZI_MONTHLY_BUDGET", "2.00");
        _shell.Run(Rows + "$rows[0] | New-ChuiziVideo -Ledger a.jsonl").ShouldBeClean();
        _shell.Run(Rows + "$rows[0] | New-ChuiziVideo -Ledger b.jsonl").ShouldBeClean();
        Outcome outcome = _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -MaxCost 100");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("BudgetReached,");
        outcome.TheError.ToString().ShouldContain("Skipped because CHUIZI_MONTHLY_BUDGET would be exceeded");
        outcome.TheError.ToString().ShouldContain("of the monthly budget of $2.00");
        outcome.Texts("Status").ShouldBe(["processing", "skipped", "skipped"]);
        Spent.ShouldBe(1.8m);

        _shell.Run(Rows + "$rows[0..2] | New-ChuiziVideo -WhatIf");
        _host.Text.ShouldContain("The monthly budget of $2.00 covers 0 of them ($1.80 is already spent or committed this month).");

        // A generation that failed costs nothing, so its reservation is free again once that is known.
        Set("CHUIZI_MONTHLY_BUDGET", "2.40");
        _shell.Run("New-ChuiziVideo 'forbidden' -Model google/veo-3.1-fast -Duration 4 | Wait-ChuiziVideo").Errors.Count.ShouldBe(1);
        _shell.Run("New-ChuiziVideo 'p' -Model google/veo-3.1-fast -Duration 4").ShouldBeClean();
    }

    [Fact]
    public void With_a_budget_an_unknown_price_sends_nothing()
    {
        Set("CHUIZI_MONTHLY_BUDGET", "20");
        Outcome outcome = _shell.Run("'a' | New-ChuiziVideo -Model new/model -WarningAction Ignore");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("UnknownPrice,");
        outcome.TheError.ToString().ShouldContain("CHUIZI_MONTHLY_BUDGET requires a known price");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_budget_whose_journal_cannot_be_written_sends_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "The state folder cannot be moved there.");
        File.WriteAllText(Path.Combine(_shell.Folder, "state"), "a file");
        Set("CHUIZI_MONTHLY_BUDGET", "20");
        Outcome outcome = _shell.Run(Rows + "$rows | New-ChuiziVideo");
        ErrorRecord error = outcome.TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("BudgetUnavailable,");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void StopAtLimit_lets_no_cheaper_row_jump_the_queue()
    {
        const string Run = Rows + "$rows | New-ChuiziVideo -MaxCost 1.90";
        _shell.Run(Run + " -StopAtLimit").Texts("Status").ShouldBe(["processing", "skipped", "skipped", "skipped"]);
        _shell.Server.Jobs.Count.ShouldBe(1);
        _shell.Run(Run).Texts("Status").ShouldBe(["processing", "skipped", "processing", "processing"]);
    }

    [Fact]
    public void StopAtLimit_claims_the_rows_of_a_long_list_in_order()
    {
        Outcome outcome = _shell.Run("""
            1..40 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Duration = ($_ % 3 -eq 0 ? 8 : 4); Model = 'google/veo-3.1' } } |
                New-ChuiziVideo -MaxCost 30 -StopAtLimit -ErrorAction Ignore
            """);
        string?[] statuses = [.. outcome.Texts("Status")];
        int sent = _shell.Server.Jobs.Count;
        statuses[..sent].ShouldAllBe(status => status == "processing");
        statuses[sent..].ShouldAllBe(status => status == "skipped");
        Spent.ShouldBeInRange(30 - 3.19m, 30);
    }

    [Fact]
    public void The_last_line_of_a_list_says_what_it_spent()
    {
        Outcome outcome = _shell.Run(Rows + "$rows | New-ChuiziVideo -MaxCost 1.90 -ErrorAction Ignore");
        outcome.Information[^1].ToString().ShouldBe("Submitted: 3 videos, $1.80 estimated. $1.80 of -MaxCost $1.90 is spent or committed.");
        _shell.Run("'a', 'b' | New-ChuiziVideo -MaxCost 10").Information[^1].ToString()
            .ShouldBe("Submitted: 2 videos, at most $0.48. $0.48 of -MaxCost $10.00 is spent or committed.");
        _shell.Run("'a', 'b' | New-ChuiziVideo").Information[^1].ToString().ShouldBe("Submitted: 2 videos.");
        _shell.Run("New-ChuiziVideo 'a'").Information.ShouldBeEmpty();
    }

    [Fact]
    public void The_estimate_shown_planned_reserved_and_recorded_is_one_figure()
    {
        _shell.Run("'a' | New-ChuiziVideo -WhatIf -Ledger run.jsonl");
        _host.Text.ShouldContain("with google/veo-3.1-lite, at most $0.24");
        _host.Text.ShouldContain("1 video to submit, at most $0.24.");
        Outcome refused = _shell.Run("'a' | New-ChuiziVideo -MaxCost 0.2 -Ledger run.jsonl");
        refused.TheError.ToString().ShouldContain("Row 1 would cost at most $0.24");
        _shell.Run("'a' | New-ChuiziVideo -MaxCost 1 -Ledger run.jsonl").ShouldBeClean();
        File.ReadAllText(Path.Combine(_shell.Folder, "run.jsonl")).ShouldContain("\"estimate\":0.24");
    }

    [Fact]
    public void All_lists_the_videos_of_every_ledger_once()
    {
        string? before = Environment.GetEnvironmentVariable("CHUIZI_LEDGER");
        Set("CHUIZI_LEDGER", Path.Combine(_shell.Folder, "default"));
        try
        {
            _shell.Run("'a', 'b' | New-ChuiziVideo -Ledger one.jsonl; 'c' | New-ChuiziVideo -Ledger sub/two.jsonl; Copy-Item one.jsonl three.jsonl");
            _shell.Run("$null = 'd' | New-ChuiziVideo -Ledger three.jsonl; Remove-Item sub/two.jsonl");
            using Shell other = new();
            other.Run("Get-ChuiziVideo -All | Sort-Object Prompt").ShouldBeClean().Texts("Prompt").ShouldBe(["a", "b", "d"]);
            other.Run("Get-ChuiziVideo -All -First 2").ShouldBeClean().Output.Count.ShouldBe(2);
        }
        finally
        {
            Set("CHUIZI_LEDGER", before);
        }
    }

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}
