using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Several videos of a row, tags, and new takes of rejected rows, from the command line to the files.</summary>
public sealed class TakesTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private string Ledger => Path.Combine(_shell.Folder, "film.jsonl");

    [Trait("Speed", "Medium")]
    [Fact]
    public void Each_take_is_a_video_with_its_number_its_seed_and_its_file()
    {
        const string Pipeline =
            "[pscustomobject]@{ Prompt = 'A kite'; FileName = 'kite'; 'body.seed' = '42' } | New-ChuiziVideo -TakeCount 3 -Ledger film.jsonl |"
            + " Wait-ChuiziVideo | Save-ChuiziVideo out";
        Outcome first = _shell.Run(Pipeline).ShouldBeClean();
        first.Texts("Take").ShouldBe(["1", "2", "3"], ignoreOrder: true);
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Select(Path.GetFileName).ShouldBe(
            ["kite-1.mp4", "kite-2.mp4", "kite-3.mp4"], ignoreOrder: true);
        _shell.Posts.Select(post => post.Body!.Split("\"seed\":")[1][..2]).ShouldBe(["42", "43", "44"], ignoreOrder: true);

        // A rerun waits for every take and saves it under the same name; a later one adds what is missing.
        Outcome second = _shell.Run(Pipeline.Replace("-TakeCount 3 ", "", StringComparison.Ordinal)).ShouldBeClean();
        second.Texts("Path").ShouldBe(first.Texts("Path"), ignoreOrder: true);
        _shell.Posts.Count.ShouldBe(3);
        _shell.Run(Pipeline.Replace("-TakeCount 3", "-TakeCount 5", StringComparison.Ordinal)).ShouldBeClean();
        _shell.Posts.Count.ShouldBe(5);
        File.Exists(Path.Combine(_shell.Folder, "out", "kite-5.mp4")).ShouldBeTrue();
    }

    [Fact]
    public void The_video_of_a_row_that_gets_takes_later_is_its_first_take()
    {
        _shell.Run("'a', 'b' | New-ChuiziVideo -Ledger film.jsonl; 'a' | New-ChuiziVideo -Ledger film.jsonl -TakeCount 2").ShouldBeClean();
        _shell.Run("Get-ChuiziVideo -Ledger film.jsonl | Sort-Object Prompt, Take | ForEach-Object { \"$($_.Prompt)$($_.Take)\" }")
            .Output.Select(item => item.ToString()).ShouldBe(["a1", "a2", "b"]);
    }

    [Theory]
    [InlineData("@{ Prompt = 'a'; TakeCount = '2' }", 2)]
    [InlineData("@{ Prompt = 'a'; Takes = 2.0 }", 2)]
    [InlineData("@{ Prompt = 'a'; 'take count' = '' }", 1)]
    [InlineData("@{ Prompt = 'a'; Take = '7' }", 1)]
    public void A_column_says_how_many_takes_and_the_number_of_an_exported_take_does_not(string row, int videos)
    {
        _shell.Run($"[pscustomobject]{row} | New-ChuiziVideo").Errors.ShouldBeEmpty();
        _shell.Posts.Count.ShouldBe(videos);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("101")]
    [InlineData("'many'")]
    public void A_count_that_is_none_is_refused(string count)
    {
        Outcome outcome = _shell.Run($"'a' | New-ChuiziVideo -TakeCount {count}");
        outcome.TheError.ToString().ShouldStartWith($"Row 1: TakeCount '{count.Trim('\'')}' is not valid. Use a whole number from 1 to 100.");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Takes_multiply_and_one_line_says_so()
    {
        _shell.Run("'a', 'b' | New-ChuiziVideo -TakeCount 3 -Duration 4 6>&1 | ForEach-Object { \"$_\" }").Output[0].ToString()
            .ShouldBe("2 rows × 3 takes = 6 videos, at most $0.72.");
    }

    [Fact]
    public void All_columns_of_a_row_and_the_tags_are_recorded()
    {
        Outcome live = _shell.Run("""
            [pscustomobject]@{ Prompt = 'A kite'; Scene = 12; Notes = "two`nlines"; Blank = $null; Image = '' } |
                New-ChuiziVideo -Ledger film.jsonl -Tag @{ Project = 'Spring'; scene = '13' }
            """).ShouldBeClean();
        live.Output.Single().Properties["Input"].Value.ShouldBeOfType<PSObject>().Properties["Project"].Value.ShouldBe("Spring");
        Outcome later = _shell.Run("(Get-ChuiziVideo -Ledger film.jsonl).Input").ShouldBeClean();
        IDictionary<string, object?> columns = (IDictionary<string, object?>)later.Output.Single().BaseObject;
        columns.Where(column => column.Value is not null).Select(column => (column.Key, column.Value)).ShouldBe(
        [
            ("Prompt", (object?)"A kite"), ("Scene", "13"), ("Notes", "two\nlines"), ("Blank", ""), ("Image", ""), ("Project", "Spring"),
        ]);
        File.ReadAllText(Ledger).Split("A kite").Length.ShouldBe(2, "the prompt is written once");
    }

    [Theory]
    [InlineData("'A kite'")]
    [InlineData("@{ Prompt = 'A kite' }")]
    [InlineData("Get-Item a.png")]
    public void Tags_are_columns_of_any_input(string input)
    {
        File.WriteAllBytes(Path.Combine(_shell.Folder, "a.png"), Images.Png(640, 360));
        _shell.Run($"{input} | New-ChuiziVideo -Prompt {{ 'A kite' }} -Tag @{{ Project = 'Spring'; Shot = 3 }} -Ledger film.jsonl")
            .ShouldBeClean().Output.Single().Properties["Input"].Value.ShouldNotBeNull();
        _shell.Run("(Get-ChuiziVideo -Ledger film.jsonl).Input | ForEach-Object { $_.Project + $_.Shot }").Output.Single().BaseObject
            .ShouldBe("Spring3");
        _shell.Run("New-ChuiziVideo 'A kite' -Tag @{ Project = 'Spring' } | ForEach-Object { $_.Input.Project }").Output.Single().BaseObject
            .ShouldBe("Spring");
    }

    [Fact]
    public void Signatures_and_keys_in_columns_and_tags_are_not_recorded()
    {
        _shell.Run("""
            [pscustomobject]@{ Prompt = 'a'; Source = 'https://x.example/a.png?sv=1&sig=AbC%2Bd&se=9' } |
                New-ChuiziVideo -Ledger film.jsonl -Tag @{ Owner = 'https://y.example/?sv=2&sig=Zz9&se=1' }
            """).ShouldBeClean();
        string text = File.ReadAllText(Ledger);
        text.ShouldContain("https://x.example/a.png");
        text.ShouldContain("https://y.example/");
        text.ShouldNotContain("AbC", Case.Sensitive, "a hash may contain the letters");
        text.ShouldNotContain("Zz9", Case.Sensitive);
        _shell.Run("""
            [pscustomobject]@{ Prompt = 'b'; Nested = @{ u = 'https://h.example/x?sv=1&sig=Qq1&se=1' }; List = @('https://h.example/y?a=1&sig=Qq2&sv=1') } |
                New-ChuiziVideo -Ledger film.jsonl
            """).ShouldBeClean();
        File.ReadAllText(Ledger).ShouldNotContain("Qq", Case.Sensitive);
    }

    [Theory]
    [InlineData("{BaseName}-{Take}")]
    [InlineData("{Length}-{Take}")]
    public void A_template_with_the_number_of_the_take_may_have_properties_that_are_scripts(string template)
    {
        File.WriteAllBytes(Path.Combine(_shell.Folder, "a.png"), Images.Png(640, 360));
        string[] names =
        [
            .. _shell.Run($"Get-Item a.png | New-ChuiziVideo 'Push in' -FileName '{template}' -TakeCount 2").ShouldBeClean()
                .Texts("FileName").Order().OfType<string>(),
        ];
        names.Select(name => name[^2..]).ShouldBe(["-1", "-2"]);
    }

    [Theory]
    [InlineData("$plan | New-ChuiziVideo")]
    [InlineData("$plan | Select-Object * | New-ChuiziVideo")]
    [InlineData("$plan | Export-Csv p.csv; Import-Csv p.csv | New-ChuiziVideo")]
    [InlineData("$plan | Export-Clixml p.xml; Import-Clixml p.xml | New-ChuiziVideo")]
    public void A_plan_is_not_a_list(string command)
    {
        Outcome outcome = _shell.Run($"$plan = [pscustomobject]@{{ Prompt = 'a'; Duration = 4 }} | Test-ChuiziVideo; {command}");
        outcome.TheError.ToString().ShouldStartWith("Row 1: This is the plan of a row, without all of its inputs.");
        _shell.Posts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("@{ Prompt = 'a'; 'body.seed' = '42'; Name = 'kite' }")]
    [InlineData("@{ Prompt = 'a'; AdditionalBody = '{\"seed\":42}'; FileName = 'kite' }")]
    public void The_input_of_a_recorded_take_can_be_submitted_again_with_its_seed(string row)
    {
        _shell.Run($"[pscustomobject]{row} | New-ChuiziVideo -TakeCount 2 -Ledger film.jsonl").ShouldBeClean();
        _shell.Run("(Get-ChuiziVideo -Ledger film.jsonl).Input | New-ChuiziVideo").Errors.ShouldBeEmpty();
        _shell.Posts.Skip(2).Select(post => post.Body!.Split("\"seed\":")[1][..2]).ShouldBe(["42", "43"], ignoreOrder: true);
        _shell.Run("Get-ChuiziVideo -Ledger film.jsonl | New-ChuiziVideo -Again").Errors.ShouldBeEmpty();
        _shell.Posts.Skip(4).Select(post => post.Body!.Split("\"seed\":")[1][..2]).ShouldBe(["42", "43"], ignoreOrder: true);
    }

    [Fact]
    public void A_video_that_is_submitted_again_keeps_the_columns_of_its_row()
    {
        _shell.Run("""
            $first = [pscustomobject]@{ Prompt = 'a'; Scene = '7' } | New-ChuiziVideo
            $first | New-ChuiziVideo -Again -Tag @{ Project = 'Spring' } -Ledger film.jsonl | Out-Null
            (Get-ChuiziVideo -Ledger film.jsonl -Tag @{ Scene = 7; Project = 'Spring' }).Input.Scene
            """).ShouldBeClean().Output.Single().BaseObject.ShouldBe("7");
    }

    [Fact]
    public void A_call_that_only_retakes_does_not_call_other_rows_recorded() =>
        _shell.Run("New-ChuiziVideo 'a' -RetryRejected -Ledger none.jsonl -WhatIf").Errors.ShouldBeEmpty();

    [Fact]
    public void The_users_row_does_not_get_the_tags()
    {
        _shell.Run("$row = [pscustomobject]@{ Prompt = 'a' }; $row | New-ChuiziVideo -Tag @{ Project = 'x' } | Out-Null; $row.Project")
            .ShouldBeClean().Output.ShouldAllBe(item => item == null);
    }

    [Theory]
    [InlineData("-Tag @{ Duration = 4 }", "InvalidInput", "-Tag has the name 'Duration', which is that of a parameter.")]
    [InlineData("-Tag @{ ' ' = 4 }", "InvalidInput", "A name in -Tag is blank.")]
    [InlineData("-RetryRejected", "LedgerRequired", "-RetryRejected requires -Ledger.")]
    [InlineData("-RetryRejected -RetryFailed -Ledger a", "ConflictingParameters", "-RetryFailed and -RetryRejected cannot be used together.")]
    [InlineData("-RetryRejected -Resubmit -Ledger a", "ConflictingParameters", "-Resubmit and -RetryRejected cannot be used together.")]
    [InlineData("-MaxTake 3 -Ledger a", "ConflictingParameters", "-MaxTake requires -RetryRejected.")]
    public void What_cannot_work_is_an_error_before_anything_is_submitted(string options, string id, string message)
    {
        ErrorRecord error = _shell.Run($"'a' | New-ChuiziVideo {options}").TheError;
        error.FullyQualifiedErrorId.ShouldStartWith(id);
        error.ToString().ShouldStartWith(message);
        _shell.Posts.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_rejected_row_is_submitted_again_and_all_its_takes_are_saved()
    {
        const string List = "$rows = 'A', 'B', 'C' | ForEach-Object { [pscustomobject]@{ Prompt = $_; FileName = $_ } };";
        _shell.Run($"{List} $rows | Select-Object -First 2 | New-ChuiziVideo -Ledger film.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        Review("A", VideoVerdict.Rejected);
        Review("B", VideoVerdict.Kept);
        Outcome outcome = _shell.Run(
            $"{List} $rows | New-ChuiziVideo -Ledger film.jsonl -RetryRejected | Wait-ChuiziVideo | Save-ChuiziVideo out");
        outcome.Errors.ShouldBeEmpty();
        _shell.Posts.Count.ShouldBe(3);
        outcome.Output.Select(item => (Video)item.BaseObject).Where(video => video.Path is not null)
            .Select(video => (video.Prompt, video.Take, Path.GetFileName(video.Path)!, video.Verdict)).ShouldBe(
            [
                ("A", (int?)1, "A.mp4", (string?)VideoVerdict.Rejected), ("A", 2, "A-2.mp4", null), ("B", null, "B.mp4", VideoVerdict.Kept),
            ],
            ignoreOrder: true);
        outcome.Warnings.ShouldBe(
        [
            "Not submitted, because -RetryRejected submits only new takes of rejected rows: row 3. To submit it, run the command without "
            + "-RetryRejected.",
        ]);

        Review("A", VideoVerdict.Rejected);
        Outcome full = _shell.Run($"{List} $rows[0] | New-ChuiziVideo -Ledger film.jsonl -RetryRejected -MaxTake 2");
        full.Warnings.ShouldBe(["Rejected, but at -MaxTake 2 already: row 1."]);
        _shell.Posts.Count.ShouldBe(3);
    }

    private void Review(string prompt, string verdict)
    {
        LedgerRecord[] reviews =
        [
            .. LedgerListing.Read(Ledger, out _).Where(entry => entry.Video.Prompt == prompt).Select(entry => new LedgerRecord
            {
                Step = LedgerStep.Reviewed, Id = entry.Video.Id, Origin = entry.Origin, Verdict = verdict,
            }),
        ];
        VideoLedger.At(Ledger).AppendAsync(reviews).Wait(TestContext.Current.CancellationToken);
    }
}
