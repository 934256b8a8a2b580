using System.Globalization;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Measure-ChuiziVideo, against ledgers that New-ChuiziVideo wrote.</summary>
[Trait("Speed", "Medium")]
public sealed class MeasureChuiziVideoTests : IDisposable
{
    private const string Make = "$global:v = 'a', 'forbidden', 'c' | New-ChuiziVideo -Ledger run.jsonl -Duration 4 -ThrottleLimit 1 | "
        + "Wait-ChuiziVideo -ErrorAction SilentlyContinue";

    private readonly string? _before = Environment.GetEnvironmentVariable("CHUIZI_LEDGER");
    private readonly RecordingHost _host = new(width: 80);
    private readonly Shell _shell;

    public MeasureChuiziVideoTests()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", "off");
        _shell = new Shell(host: _host);
    }

    private string Origin => _shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", _before);
        _shell.Dispose();
    }

    [Fact]
    public void A_ledger_adds_up_to_one_object_without_a_request()
    {
        _shell.Run(Make);
        int requests = _shell.Requests.Count;
        VideoSpending total = One("Measure-ChuiziVideo -Ledger run.jsonl");
        (total.Count, total.Succeeded, total.Failed, total.Open, total.Unknown).ShouldBe((3, 2, 1, 0, 0));
        (total.Cost, total.CostPerVideo, total.CostPerKept, total.Seconds).ShouldBe((0.24m, 0.12m, null, 8));
        _shell.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public void A_row_that_was_submitted_again_counts_each_time()
    {
        _shell.Run(Make);
        _shell.Run("'forbidden' | New-ChuiziVideo -Ledger run.jsonl -Duration 4 -RetryFailed | Wait-ChuiziVideo");
        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl").ShouldBeClean().Output.Count.ShouldBe(3);
        VideoSpending total = One("Measure-ChuiziVideo -Ledger run.jsonl");
        (total.Count, total.Failed).ShouldBe((4, 2));
    }

    [Fact]
    public void Groups_have_their_keys_as_properties_and_the_cost_of_a_kept_video()
    {
        _shell.Run(Make);
        Review(0, "Kept");
        Review(2, "Rejected");
        Outcome outcome = _shell.Run("Measure-ChuiziVideo model, Verdict -Ledger run.jsonl").ShouldBeClean();
        outcome.Texts("Model").ShouldAllBe(model => model == "google/veo-3.1-lite");
        outcome.Texts("Verdict").ShouldBe(["Kept", "Rejected", null]);
        outcome.Values("Cost").ShouldBe([0.12m, 0.12m, 0m]);
        VideoSpending total = One("Measure-ChuiziVideo -Ledger run.jsonl");
        (total.Kept, total.Rejected, total.CostPerKept).ShouldBe((1, 1, 0.24m));
        string month = DateTime.UtcNow.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        _shell.Run("Measure-ChuiziVideo -By Month, Day -Ledger run.jsonl").ShouldBeClean().Texts("Month").ShouldBe([month]);
    }

    [Fact]
    public void Groups_are_shown_as_a_table_and_Format_Table_shows_the_keys_and_the_main_figures()
    {
        _shell.Run(Make);
        Review(0, "Kept");
        _shell.Run("$global:groups = Measure-ChuiziVideo -By Model, Status, Sort -Ledger run.jsonl -WarningAction Ignore").ShouldBeClean();
        string shown = Show("$groups");
        shown.ShouldBe("""
            Model          Status     Sort      Count  Kept      Cost      Open CostPerKept

            veo-3.1-lite   failed                   1     0     $0.00
            veo-3.1-lite   succeeded                2     1     $0.24                 $0.24
            """);
        string[] table = Show("Measure-ChuiziVideo -By Model, Status -Ledger run.jsonl | Sort-Object Cost -Descending | Format-Table")
            .Split('\n');
        table[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["Model", "Status", "Count", "Kept", "Cost", "CostPerKept"]);
        table[2].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["google/veo-3.1-lite", "succeeded", "2", "1", "0.24", "0.24"]);
        const string Roundtrip =
            "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_))";
        Show($"$groups | ForEach-Object {{ {Roundtrip} }}").ShouldBe(shown);
    }

    [Fact]
    public void The_total_is_a_table_that_fits_80_columns()
    {
        _shell.Run(Make);
        Review(0, "Kept");
        _shell.Run("'open' | New-ChuiziVideo -Ledger run.jsonl -EstimatedCost 0.0125").ShouldBeClean();
        Show("Measure-ChuiziVideo -Ledger run.jsonl").ShouldBe("""
            Count Succeeded Failed Unknown  Open  Kept       Cost OpenEstimate CostPerKept
            ----- --------- ------ -------  ----  ----       ---- ------------ -----------
                4         2      1       0     1     1      $0.24      $0.0125       $0.24
            """);
    }

    [Fact]
    public void What_is_open_is_estimated_or_named()
    {
        _shell.Run("'a' | New-ChuiziVideo -Ledger run.jsonl -EstimatedCost 0.5; $global:b = 'b' | New-ChuiziVideo -Ledger run.jsonl");
        string id = (string)_shell.Run("$b.Id").ShouldBeClean().Output.Single().BaseObject;
        Outcome outcome = _shell.Run("Measure-ChuiziVideo -Ledger run.jsonl");
        VideoSpending total = (VideoSpending)outcome.Output.Single().BaseObject;
        (total.Open, total.Cost, total.OpenEstimate, total.Unpriced).ShouldBe((2, 0, 0.5m, 1));
        outcome.Warnings.ShouldBe([$"1 submission with neither a known cost nor an estimate: no amount includes {id}."]);
        Show("Measure-ChuiziVideo Model -Ledger run.jsonl -WarningAction Ignore").ShouldContain("$0.50+");
    }

    [Fact]
    public void Copies_count_once_and_an_unreadable_match_of_a_wildcard_does_not_hide_the_others()
    {
        _shell.Run(Make);
        File.Copy(PathOf("run.jsonl"), PathOf("copy.jsonl"));
        One("Measure-ChuiziVideo -Ledger *.jsonl").Cost.ShouldBe(0.24m);
        One("Measure-ChuiziVideo -Ledger run.jsonl, copy.jsonl, run.jsonl").Count.ShouldBe(3);
        One("Measure-ChuiziVideo -Ledger c[o]py.jsonl").Count.ShouldBe(3);
        File.WriteAllText(PathOf("list.jsonl"), "Prompt,Model\nA red kite,x\n");
        File.AppendAllText(PathOf("copy.jsonl"), "nonsense\n");
        Outcome outcome = _shell.Run("Measure-ChuiziVideo -Ledger *.jsonl");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidLedger,");
        outcome.Warnings.Single().ShouldStartWith($"The ledger '{PathOf("copy.jsonl")}': Line ");
        outcome.Output.Single().Properties["Count"].Value.ShouldBe(3);
    }

    [Theory]
    [InlineData("run.jsonl, missing.jsonl", "LedgerNotFound")]
    [InlineData("missing*.jsonl", "LedgerNotFound")]
    [InlineData("Env:/x*", "LedgerNotFound")]
    [InlineData(".", "LedgerUnavailable")]
    public void A_named_ledger_that_cannot_be_read_ends_the_call_without_a_total(string ledgers, string id)
    {
        _shell.Run(Make);
        Outcome outcome = _shell.Run($"Measure-ChuiziVideo -Ledger {ledgers}");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith($"{id},");
        outcome.Output.ShouldBeEmpty();
    }

    [Fact]
    public void Piped_videos_count_once_live_or_deserialized_by_the_columns_of_their_rows()
    {
        const string Rows = "[pscustomobject]@{ Prompt = 'a'; Project = 'Spring' }, @{ Prompt = 'b'; project = 'spring ' }, "
            + "[pscustomobject]@{ Prompt = 'c' }";
        _shell.Run($"$global:v = {Rows} | New-ChuiziVideo -Duration 4 -WarningAction Ignore | Wait-ChuiziVideo").ShouldBeClean();
        const string Copy =
            "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($v))";
        foreach (string input in new[] { "$v", "$v + $v", $"@({Copy})", $"$v + @({Copy})" })
        {
            Outcome outcome = _shell.Run($"{input} | Measure-ChuiziVideo PROJECT").ShouldBeClean();
            outcome.Texts("Project").Select(key => key?.ToUpperInvariant()).ShouldBe(["SPRING", null], input);
            outcome.Values("Count").ShouldBe([2, 1], input);
            outcome.Values("Cost").ShouldBe([0.24m, 0.12m], input);
        }
    }

    [Fact]
    public void An_input_that_is_not_a_video_is_an_error_and_an_empty_pipeline_costs_nothing()
    {
        _shell.Run(Make);
        Outcome outcome = _shell.Run("'vid-9', $v[0], $null | Measure-ChuiziVideo");
        outcome.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).ShouldBe(["NoVideo", "NoVideo"]);
        outcome.Errors[0].Exception.Message.ShouldBe("Input 1: This String is not a video.");
        outcome.Output.Single().Properties["Count"].Value.ShouldBe(1);
        One("@() | Measure-ChuiziVideo").Count.ShouldBe(0);
        _shell.Run("@() | Measure-ChuiziVideo -By Model").ShouldBeClean().Output.ShouldBeEmpty();
    }

    [Fact]
    public void Submissions_are_counted_by_their_time()
    {
        _shell.Run(Make);
        foreach ((string filter, int count) in new[]
            {
                ("-After ([datetime]::Now.AddHours(-1))", 3), ("-Since ([datetime]::Now.AddHours(1))", 0),
                ("-Before ([datetime]::UtcNow.AddHours(1))", 3), ("-Before ([datetime]::Now.AddHours(-1))", 0),
            })
        {
            One($"Measure-ChuiziVideo -Ledger run.jsonl {filter}").Count.ShouldBe(count, filter);
            One($"$v | Measure-ChuiziVideo {filter}").Count.ShouldBe(count, filter);
        }
    }

    [Fact]
    public void The_default_ledgers_are_added_up_for_the_connected_address_and_All_for_every_one()
    {
        string kept = PathOf("state");
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", kept);
        Directory.CreateDirectory(kept);
        _shell.Run("'a' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        File.Copy(PathOf("run.jsonl"), Path.Combine(kept, "ledger-2026-01.jsonl"));
        File.WriteAllText(
            Path.Combine(kept, "ledger-2026-02.jsonl"),
            """{"step":"intent","entry":"e-1","origin":"https://other.example","at":"2026-02-03T00:00:00Z","v":1,"model":"m","estimate":2}"""
                + "\n");
        // The sandbox has a ledger of its own, which does not exist here.
        One("Measure-ChuiziVideo").Count.ShouldBe(0);
        VideoSpending all = One("Measure-ChuiziVideo -All");
        (all.Count, all.Cost, all.OpenEstimate).ShouldBe((2, 0.12m, 2));
        _shell.Run("Measure-ChuiziVideo -All -By Month").ShouldBeClean().Texts("Month")[0].ShouldBe("2026-02");

        using Shell shell = new(new SandboxOptions { ApiKey = "ck-0123456789abcdef0123456789abcdef" });
        Outcome outcome = shell.Run("Measure-ChuiziVideo");
        outcome.Output.Single().Properties["Count"].Value.ShouldBe(0);
        outcome.Warnings.Single().ShouldBe(
            $"Not counted: 2 submissions to https://other.example, {Origin}. To count them, use -All or connect to that API.");
        One("Disconnect-ChuiziVideo; Measure-ChuiziVideo").Count.ShouldBe(2);
    }

    [Fact]
    public void Without_a_default_ledger_a_warning_says_so()
    {
        Outcome outcome = _shell.Run("Measure-ChuiziVideo");
        outcome.Warnings.Single().ShouldContain("turned off");
        outcome.Output.Single().Properties["Count"].Value.ShouldBe(0);
    }

    [Theory]
    [InlineData("cost")]
    [InlineData("Model, Kept")]
    [InlineData("' '")]
    [InlineData("@()")]
    public void A_figure_or_a_blank_name_cannot_be_grouped_by(string by) =>
        _shell.Run($"Measure-ChuiziVideo -By {by}").TheError.FullyQualifiedErrorId.ShouldStartWith("ParameterArgumentValidationError");

    [Fact]
    public void By_is_completed_with_its_own_names_and_the_columns_of_the_ledger_on_the_line()
    {
        File.WriteAllText(
            PathOf("run.jsonl"),
            """{"step":"intent","entry":"e-1","origin":"https://a.example","at":"2026-02-03T00:00:00Z","v":1,"prompt":"x","columns":{"Prompt":null,"Project":"Spring","Shot no":"1","Cost":"2","Day":"3"}}"""
                + "\n"
                + """{"step":"submitted","entry":"e-1","id":"vid-1","origin":"https://a.example","at":"2026-02-03T00:00:01Z","v":1}"""
                + "\n");
        Texts("Measure-ChuiziVideo -Ledger run.jsonl -By ")
            .ShouldBe(["Model", "Month", "Day", "Status", "Verdict", "Prompt", "Project", "'Shot no'"]);
        Texts("Measure-ChuiziVideo -Ledger run.jsonl -By Model, proj").ShouldBe(["Project"]);
        Texts("Measure-ChuiziVideo Model, M").ShouldBe(["Month"]);
        Texts("Measure-ChuiziVideo -Ledger none.jsonl -By ").ShouldBe(["Model", "Month", "Day", "Status", "Verdict"]);
        Texts("Measure-ChuiziVideo -Ledger r").ShouldBe(["run.jsonl"]);
    }

    private string[] Texts(string line) =>
    [
        .. ((CommandCompletion)_shell.Run(
            "param($line) [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)", ("line", line))
            .ShouldBeClean().Output.Single().BaseObject).CompletionMatches.Select(match => match.CompletionText),
    ];

    private string PathOf(string name) => Path.Combine(_shell.Folder, name);

    private VideoSpending One(string script) => (VideoSpending)_shell.Run(script).ShouldBeClean().Output.Single().BaseObject;

    private string Show(string script)
    {
        _host.Take();
        _shell.RunAtPrompt(script).ShouldBeClean();
        return _host.Text.Replace("\r", "", StringComparison.Ordinal);
    }

    /// <summary>Records a decision about a video of <c>$v</c>, as the gallery does.</summary>
    private void Review(int index, string verdict)
    {
        object id = _shell.Run($"($v | Sort-Object Row)[{index}].Id").ShouldBeClean().Output.Single().BaseObject;
        File.AppendAllText(
            PathOf("run.jsonl"),
            $$"""{"step":"reviewed","id":"{{id}}","origin":"{{Origin}}","at":"2026-11-28T12:00:00Z","v":1,"verdict":"{{verdict}}"}""" + "\n");
    }
}
