using System.Text.Json;
using System.Text.Json.Nodes;
using Chuizi.Video.Module.Tests.Completion;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Decisions about videos, recorded from a file, by hand and from the pipeline.</summary>
public sealed class SetChuiziVideoTests : IDisposable
{
    private const string Import = "Get-Content decisions.json -Raw | ConvertFrom-Json | Set-ChuiziVideo -Ledger film.jsonl";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private string Film => Path.Combine(_shell.Folder, "film.jsonl");

    private string[] Reviews =>
        [.. File.ReadAllLines(Film).Where(line => line.StartsWith("{\"step\":\"reviewed\"", StringComparison.Ordinal))];

    [Trait("Speed", "Medium")]
    [Fact]
    public void All_of_300_decisions_arrive_unchanged_and_a_second_import_writes_nothing()
    {
        string?[] ids = [.. Make(300, " | Wait-ChuiziVideo")];
        string origin = _shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority);
        string[] notes =
        [
            "", "two\nlines", "\"quoted\" 'and' `ticks` $(throw)", "<script>alert(1)</script>", "视频 🎬 e\u0301", "{\"step\":\"reviewed\"}", "= 1 + 1",
            "2026-11-26T12:00:00Z", "\u202eright to left", "; Remove-Item *", "C:\\a\\b", "x\ty", "0",
        ];
        JsonObject[] decisions =
        [
            .. ids.Select((id, at) => new JsonObject
            {
                ["Id"] = id,
                ["Origin"] = origin,
                ["Verdict"] = (string[])["Kept", "Rejected", "None"] is var all ? all[at % 3] : "",
                ["Rating"] = at % 6,
                ["Note"] = notes[at % notes.Length],
                ["Decided"] = DateTime.UtcNow.AddSeconds(at - 400).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            }),
        ];
        Write(decisions);
        int requests = _shell.Requests.Count;

        _shell.Run($"{Import} -Verbose").ShouldBeClean().Verbose[^1].ShouldBe($"{Film}: 300 decisions were recorded; 0 were there before.");

        Dictionary<string, PSObject> listed = _shell.Run("Get-ChuiziVideo -Ledger film.jsonl").ShouldBeClean().Output
            .ToDictionary(video => (string)video.Properties["Id"].Value);
        listed.Count.ShouldBe(300);
        foreach (JsonObject decision in decisions)
        {
            PSObject video = listed[decision["Id"]!.GetValue<string>()];
            (video.Properties["Verdict"].Value ?? "None").ShouldBe(decision["Verdict"]!.GetValue<string>());
            (video.Properties["Rating"].Value ?? 0).ShouldBe(decision["Rating"]!.GetValue<int>());
            (video.Properties["Note"].Value ?? "").ShouldBe(decision["Note"]!.GetValue<string>());
        }

        byte[] before = File.ReadAllBytes(Film);
        _shell.Run(Import).ShouldBeClean().Output.ShouldBeEmpty();
        File.ReadAllBytes(Film).ShouldBe(before);
        _shell.Requests.Count.ShouldBe(requests, "no request is sent");
    }

    [Fact]
    public void Decisions_are_set_changed_and_withdrawn_by_hand()
    {
        string?[] ids = [.. Make(2)];
        Outcome set = Run("Set-ChuiziVideo $ids -Verdict kept -Rating 4 -Note 'good light' -Ledger film.jsonl -PassThru", ids).ShouldBeClean();
        set.Texts("Id").ShouldBe(ids);
        set.Texts("Prompt").ShouldBe(["p1", "p2"]);
        set.Texts("Verdict").ShouldAllBe(verdict => verdict == "Kept");

        Run("Set-ChuiziVideo $ids[0] -Verdict Rejected -Ledger film.jsonl", ids).ShouldBeClean();
        Listed().ShouldBe(["Rejected 4 good light", "Kept 4 good light"]);
        Run("Set-ChuiziVideo $ids -Verdict None -Rating 0 -Note '' -Ledger film.jsonl", ids).ShouldBeClean();
        Listed().ShouldBe([" 0 ", " 0 "]);
        int lines = Reviews.Length;
        Run("Set-ChuiziVideo $ids -Verdict None -Ledger film.jsonl", ids).ShouldBeClean();
        Reviews.Length.ShouldBe(lines, "nothing has changed");
    }

    [Fact]
    public void Without_a_ledger_and_a_connection_the_ledger_of_an_id_is_found()
    {
        string?[] ids = [.. Make(1)];
        _shell.Run("Disconnect-ChuiziVideo; New-Item -ItemType Directory elsewhere | Set-Location").ShouldBeClean();
        Outcome outcome = Run("Set-ChuiziVideo -Id $ids -Rating 5 -PassThru", ids).ShouldBeClean();
        outcome.Texts("Ledger").ShouldBe([Film]);
        outcome.Values("Rating").ShouldBe([5]);
        Reviews.Length.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("$v | Set-ChuiziVideo -Verdict Kept")]
    [InlineData("$v | Set-ChuiziVideo -Verdict Kept -Ledger film.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger film.jsonl | Set-ChuiziVideo -Verdict Kept")]
    [InlineData("$v | Export-Clixml v.xml; Import-Clixml v.xml | Set-ChuiziVideo -Verdict Kept")]
    [InlineData("$v | Export-Clixml v.xml; Import-Clixml v.xml | Set-ChuiziVideo -Verdict Kept -Ledger film.jsonl")]
    [InlineData("$v.Id | Set-ChuiziVideo -Verdict Kept")]
    [InlineData("$v | ForEach-Object { @{ videoid = $_.Id; verdict = 'kept' } } | Set-ChuiziVideo -Ledger film.jsonl")]
    [InlineData("$v | ForEach-Object { [pscustomobject]@{ Task = $_.Id } } | Set-ChuiziVideo -Id { $_.Task } -Verdict Kept")]
    [InlineData("$v | Select-Object Report | Export-Csv r.csv; Import-Csv r.csv | Set-ChuiziVideo -Verdict Kept")]
    public void Videos_ids_and_rows_can_be_piped(string script)
    {
        Make(3, " -OutVariable v");
        _shell.Run($"{script} -PassThru | ForEach-Object {{ \"$($_.Prompt) $($_.Verdict)\" }}").ShouldBeClean()
            .Output.Select(item => item.ToString()).Order().ShouldBe(["p1 Kept", "p2 Kept", "p3 Kept"]);
        Reviews.Length.ShouldBe(3);
    }

    [Fact]
    public void A_piped_video_is_updated_and_its_own_properties_are_not_a_decision()
    {
        Make(1, " -OutVariable v");
        _shell.Run("$v | Set-ChuiziVideo -Note 'first'; $v[0].Note").ShouldBeClean()
            .Output.ShouldHaveSingleItem().ToString().ShouldBe("first");
        _shell.Run("Set-ChuiziVideo $v[0].Id -Note 'second'").ShouldBeClean();

        _shell.Run("$same = $v | Set-ChuiziVideo -Rating 3 -PassThru; [object]::ReferenceEquals($same, $v[0]); $v[0].Note").ShouldBeClean()
            .Output.Select(item => item.ToString()).ShouldBe(["True", "second"]);
        ErrorRecord error = _shell.Run("$v | Set-ChuiziVideo").TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        error.ToString().ShouldContain("There is no decision. Specify -Verdict, -Rating or -Note");
    }

    [Fact]
    public void Parameters_override_columns_and_blank_cells_are_no_decision()
    {
        string?[] ids = [.. Make(2)];
        Run("Set-ChuiziVideo $ids -Verdict Kept -Note 'keep this'", ids).ShouldBeClean();
        File.WriteAllText(Path.Combine(_shell.Folder, "d.csv"), $"Id,Verdict,Rating,Note\n{ids[0]},,2,\n{ids[1]},Rejected,,\n");
        _shell.Run("Import-Csv d.csv | Set-ChuiziVideo -Ledger film.jsonl").ShouldBeClean();
        Listed().ShouldBe(["Kept 2 keep this", "Rejected 0 keep this"]);
        _shell.Run("Import-Csv d.csv | Set-ChuiziVideo -Ledger film.jsonl -Verdict None").ShouldBeClean();
        Listed().ShouldBe([" 2 keep this", " 0 keep this"]);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("""{"Id":"ID","Verdict":"Keep"}""", "InvalidInput", "Verdict 'Keep' is not valid. Use Kept, Rejected or None.")]
    [InlineData("""{"Id":"ID","Verdict":["Kept"]}""", "InvalidInput", "Use Kept, Rejected or None.")]
    [InlineData("""{"Id":"ID","Rating":9}""", "InvalidInput", "Rating '9' is not valid. Use a whole number from 1 to 5")]
    [InlineData("""{"Id":"ID","Rating":{"a":1}}""", "InvalidInput", "is not valid. Use a whole number from 1 to 5")]
    [InlineData("""{"Id":"ID","Note":"a\u0007b"}""", "InvalidInput", "contains the control character U+0007")]
    [InlineData("""{"Id":"ID","Note":"x","Decided":"yesterday"}""", "InvalidInput", "Decided 'yesterday' is not valid. Use a time in UTC")]
    [InlineData("""{"Id":"ID","Note":"x","Origin":"elsewhere"}""", "InvalidInput", "Origin 'elsewhere' is not valid.")]
    [InlineData("""{"Id":"ID","Prompt":"x"}""", "InvalidInput", "There is no decision.")]
    [InlineData("""{"Verdict":"Kept"}""", "NoVideoId", "This row has no Id. Its columns are Verdict.")]
    [InlineData("""{"Id":"7","Verdict":"Kept"}""", "NoVideoId", "The Id '7' is a number, not a video id.")]
    [InlineData("""{"Id":{"x":1},"Verdict":"Kept"}""", "NoVideoId", "not a video id")]
    [InlineData("""{"Id":"ck-0123456789abcdef0123456789abcdef","Verdict":"Kept"}""", "NoVideoId", "This is an API key, not a video id.")]
    [InlineData("[]", "NoVideoId", "has no Id")]
    [InlineData("null", "NoVideoId", "Expected a video, but got null.")]
    public void One_wrong_row_is_named_and_nothing_of_the_call_is_recorded(string row, string id, string message)
    {
        string?[] ids = [.. Make(2)];
        File.WriteAllText(
            Path.Combine(_shell.Folder, "decisions.json"),
            $$"""[{"Id":"{{ids[1]}}","Verdict":"Kept"},{{row.Replace("ID", ids[0], StringComparison.Ordinal)}}]""");
        byte[] before = File.ReadAllBytes(Film);
        Outcome outcome = _shell.Run(Import);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        outcome.TheError.ToString().ShouldStartWith("Input 2: ");
        outcome.TheError.ToString().ShouldContain(message);
        outcome.TheError.ToString().ShouldContain("Nothing was recorded.");
        outcome.TheError.TargetObject.ShouldBe(2);
        File.ReadAllBytes(Film).ShouldBe(before);
    }

    [Fact]
    public void Of_many_wrong_rows_the_first_20_are_named_and_the_others_counted()
    {
        Make(1);
        Write([.. Enumerable.Range(1, 300).Select(number => new JsonObject { ["Id"] = $"vid-{number}", ["Rating"] = 6 })]);
        Outcome outcome = _shell.Run(Import);

        outcome.Errors.Count.ShouldBe(21);
        outcome.Errors[^1].ToString().ShouldBe("280 more inputs are not valid: rows 21-300. Nothing was recorded.");
    }

    [Fact]
    public void Ids_that_the_ledger_does_not_have_refuse_the_whole_call()
    {
        string?[] ids = [.. Make(1)];
        Outcome outcome = Run("$ids[0], 'vid-x', 'vid-y', 'vid-z' | Set-ChuiziVideo -Verdict Kept -Ledger film.jsonl -PassThru", ids);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        outcome.TheError.ToString().ShouldContain($"The ledger '{Film}' does not have the video vid-x and 2 others. Nothing was recorded.");
        outcome.Output.ShouldBeEmpty();
        Reviews.ShouldBeEmpty();
        ErrorRecord unknown = _shell.Run("Set-ChuiziVideo vid-x -Verdict Kept").TheError;
        unknown.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        unknown.ToString().ShouldContain("No ledger of this machine is known to have the video vid-x. Specify -Ledger.");
    }

    [Fact]
    public void Several_ledgers_are_checked_before_the_first_one_is_written()
    {
        Make(1, " -OutVariable v");
        _shell.Run("$w = New-ChuiziVideo 'other' -Ledger other.jsonl; $x = [Chuizi.Video.Video]@{ Id = 'vid-x'; Ledger = $w.Ledger }").ShouldBeClean();
        _shell.Run("$v[0], $x | Set-ChuiziVideo -Verdict Kept").TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        Reviews.ShouldBeEmpty();
        _shell.Run("$v[0], $w | Set-ChuiziVideo -Verdict Kept").ShouldBeClean();
        Reviews.Length.ShouldBe(1);
        _shell.Run("Get-ChuiziVideo -Ledger other.jsonl").Texts("Verdict").ShouldBe(["Kept"]);
    }

    [Fact]
    public void A_ledger_that_fails_after_another_was_written_does_not_say_that_nothing_was_recorded()
    {
        Make(1, " -OutVariable v");
        _shell.Run("$w = New-ChuiziVideo 'other' -Ledger other.jsonl").ShouldBeClean();
        // The first video is passed on when its ledger is written, before the second ledger is.
        Outcome outcome = _shell.Run(
            "$v[0], $w | Set-ChuiziVideo -Verdict Kept -PassThru | ForEach-Object { [IO.File]::Copy($_.Ledger, $w.Ledger, $true); $_ }");

        outcome.Output.Count.ShouldBe(1);
        Reviews.Length.ShouldBe(1);
        string message = outcome.TheError.ToString();
        message.ShouldContain("does not have the video");
        message.ShouldContain($"Only the decisions in '{Film}' were recorded.");
        message.ShouldNotContain("Nothing was recorded");
    }

    [Fact]
    public void An_id_of_two_APIs_in_one_ledger_needs_its_origin()
    {
        string? id = Make(1).Single();
        string text = File.ReadAllText(Film);
        string origin = _shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority);
        string elsewhere = text.Replace(origin, "https://api.chuizi.ai", StringComparison.Ordinal)
            .Replace("\"entry\":\"", "\"entry\":\"copy-", StringComparison.Ordinal);
        File.AppendAllText(Film, elsewhere);

        Write(new JsonObject { ["Id"] = id, ["Verdict"] = "Kept" });
        ErrorRecord error = _shell.Run(Import).TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        error.ToString().ShouldContain($"at {origin} and https://api.chuizi.ai. Add the property Origin");
        Reviews.ShouldBeEmpty();

        Write(new JsonObject { ["Id"] = id, ["Origin"] = "https://api.chuizi.ai", ["Verdict"] = "Kept" });
        _shell.Run(Import).ShouldBeClean();
        _shell.Run("Get-ChuiziVideo -Ledger film.jsonl -Verdict Kept").ShouldBeClean().Texts("Origin").ShouldBe(["https://api.chuizi.ai"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_failed_video_cannot_be_kept()
    {
        _shell.Run("$f = 'forbidden' | New-ChuiziVideo -Ledger film.jsonl | Wait-ChuiziVideo -ErrorAction SilentlyContinue");
        ErrorRecord error = _shell.Run("$f | Set-ChuiziVideo -Verdict Kept").TheError;
        error.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        error.ToString().ShouldContain("failed, so there is nothing to keep. Use the verdict Rejected or None. Nothing was recorded.");
        _shell.Run("$f | Set-ChuiziVideo -Verdict Rejected").ShouldBeClean();
        Reviews.Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("-Rating 4.5", "InvalidInput")]
    [InlineData("-Rating '5 stars'", "InvalidInput")]
    [InlineData("-Note @('a', 'b')", "InvalidInput")]
    [InlineData("-Verdict Perhaps", "ParameterArgumentValidationError")]
    [InlineData("", "InvalidInput")]
    public void A_wrong_parameter_records_nothing(string parameters, string id)
    {
        string?[] ids = [.. Make(1)];
        Run($"Set-ChuiziVideo $ids {parameters} -Ledger film.jsonl", ids).TheError.FullyQualifiedErrorId.ShouldStartWith(id);
        Reviews.ShouldBeEmpty();
    }

    [Fact]
    public void WhatIf_checks_and_writes_nothing()
    {
        RecordingHost host = new(width: 200);
        using Shell shell = new(host: host);
        shell.Run("$v = 'a', 'b' | New-ChuiziVideo -Ledger film.jsonl").ShouldBeClean();
        host.Take();
        shell.Run("$v | Set-ChuiziVideo -Verdict Kept -WhatIf -PassThru").ShouldBeClean().Output.ShouldBeEmpty();
        host.Take().ShouldHaveSingleItem().ShouldContain("Performing the operation \"Record the decisions about 2 videos\" on target");
        shell.Run("'vid-x' | Set-ChuiziVideo -Verdict Kept -Ledger film.jsonl -WhatIf").TheError.FullyQualifiedErrorId
            .ShouldStartWith("VideoNotFound,");
        File.ReadAllText(Path.Combine(shell.Folder, "film.jsonl")).ShouldNotContain("reviewed");
    }

    [Fact]
    public void A_wrong_path_of_the_ledger_is_an_error_and_no_file_is_created_or_changed()
    {
        string?[] ids = [.. Make(1)];
        Write(new JsonObject { ["Id"] = ids[0], ["Verdict"] = "Kept" });
        string decisions = File.ReadAllText(Path.Combine(_shell.Folder, "decisions.json"));

        Run("Set-ChuiziVideo $ids -Verdict Kept -Ledger none.jsonl", ids).TheError.FullyQualifiedErrorId.ShouldStartWith("LedgerNotFound,");
        Run("Set-ChuiziVideo $ids -Verdict Kept -Ledger decisions.json", ids).TheError.FullyQualifiedErrorId
            .ShouldStartWith("InvalidLedger,");
        File.Exists(Path.Combine(_shell.Folder, "none.jsonl")).ShouldBeFalse();
        File.ReadAllText(Path.Combine(_shell.Folder, "decisions.json")).ShouldBe(decisions);
    }

    [Fact]
    public void A_key_in_a_note_is_masked()
    {
        string?[] ids = [.. Make(1)];
        Run("Set-ChuiziVideo $ids -Note 'made with ck-0123456789abcdef0123456789abcdef'", ids).ShouldBeClean();
        Reviews.Single().ShouldContain("made with ck-***");
        File.ReadAllText(Film).ShouldNotContain("0123456789abcdef");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Completion_offers_undecided_videos_first()
    {
        string?[] ids = [.. Make(3, " | Wait-ChuiziVideo")];
        Run("Set-ChuiziVideo $ids[2] -Verdict Kept", ids).ShouldBeClean();
        string[] offered = _shell.Texts("Set-ChuiziVideo -Ledger film.jsonl -Id ");
        offered.Length.ShouldBe(3);
        offered[^1].ShouldBe(ids[2]);
    }

    /// <summary>Submits videos with the prompts p1, p2 … in this order, and returns their ids.</summary>
    private IReadOnlyList<string?> Make(int count, string rest = "") =>
        [
            .. _shell.Run($"1..{count} | ForEach-Object {{ \"p$_\" }} | New-ChuiziVideo -Ledger film.jsonl -ThrottleLimit 1{rest}")
                .ShouldBeClean().Output
                .OrderBy(video => (int)video.Properties["Row"].Value).Select(video => (string)video.Properties["Id"].Value),
        ];

    private Outcome Run(string script, string?[] ids) => _shell.Run($"param($ids) {script}", ("ids", ids));

    private void Write(params JsonObject[] decisions) =>
        File.WriteAllText(Path.Combine(_shell.Folder, "decisions.json"), JsonSerializer.Serialize(decisions));

    /// <summary>The decisions in the ledger, in the order of the rows.</summary>
    private string[] Listed() =>
    [
        .. _shell.Run("Get-ChuiziVideo -Ledger film.jsonl").ShouldBeClean().Output
            .OrderBy(video => (int)video.Properties["Row"].Value)
            .Select(video => $"{video.Properties["Verdict"].Value} {video.Properties["Rating"].Value ?? 0} {video.Properties["Note"].Value}"),
    ];
}
