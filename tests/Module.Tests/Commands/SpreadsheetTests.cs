using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Lists as spreadsheets write them: the right request, or an error before anything is submitted.</summary>
public sealed class SpreadsheetTests : IDisposable
{
    private readonly Shell _shell = new();

    private string[] Bodies => [.. _shell.Server.Jobs.Select(job => job.Body)];

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("Length", "4", "\"duration\":4", "'Length' as Duration")]
    [InlineData("Duration (s)", "4", "\"duration\":4", "'Duration (s)' as Duration")]
    [InlineData("duration_seconds", "4 s", "\"duration\":4", "'duration_seconds' as Duration")]
    [InlineData("Model ", "google/veo-3.1-fast", "\"model\":\"google/veo-3.1-fast\"", null)]
    [InlineData("AI Model", "google/veo-3.1-fast", "\"model\":\"google/veo-3.1-fast\"", "'AI Model' as Model")]
    [InlineData("Aspect Ratio", "09:16", "\"aspect_ratio\":\"9:16\"", null)]
    [InlineData("Ratio", "16x9", "\"aspect_ratio\":\"16:9\"", "'Ratio' as AspectRatio")]
    [InlineData("body.seed", "7", "\"seed\":7", null)]
    [InlineData("body.negative_prompt", "blur", "\"negative_prompt\":\"blur\"", null)]
    public void A_column_is_used_whatever_its_spelling(string header, string value, string expected, string? warning)
    {
        Outcome outcome = _shell.Run($"1..2 | ForEach-Object {{ [pscustomobject]@{{ Prompt = 'a'; '{header}' = '{value}' }} }} | New-ChuiziVideo");
        outcome.Errors.ShouldBeEmpty();
        outcome.Warnings.ShouldBe(warning is null ? [] : [$"Columns used under another name: {warning}."]);
        Bodies[0].ShouldContain(expected);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_file_name_of_a_spreadsheet_is_used_for_the_saved_file()
    {
        _shell.Run("""
            '"Prompt","File Name"', '"a","kite"', '"b","boat"' | ConvertFrom-Csv |
                New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out
            """).ShouldBeClean();
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Select(Path.GetFileName).Order().ShouldBe(["boat.mp4", "kite.mp4"]);
    }

    [Fact]
    public void A_typed_object_has_no_synonyms()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "scene.bin"), "12345678");
        _shell.Run("Get-Item scene.bin | New-ChuiziVideo -Prompt { $_.Name }").ShouldBeClean().Values("Duration").ShouldBe([null]);
    }

    [Theory]
    [InlineData("@{ Prompt = 'a'; Length = '4'; Seconds = '8' }", "both mean Duration, and have different values: '")]
    [InlineData("@{ Prompt = 'a'; Duration = '4'; 'Duration (s)' = '8' }", "both mean Duration, and have different values: '4' and '8'")]
    [InlineData("@{ Prompt = 'a'; 'Old duration' = '8' }", "The column 'Old duration' is not used, and the list has no Duration.")]
    [InlineData("@{ Prompt = 'a'; 'Model version' = '3' }", "The column 'Model version' is not used, and the list has no Model.")]
    public void An_ambiguous_column_is_an_error_before_anything_is_submitted(string row, string expected)
    {
        Outcome outcome = _shell.Run($"[pscustomobject]{row} | New-ChuiziVideo");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        outcome.TheError.ToString().ShouldContain(expected);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_column_that_nothing_uses_is_named_once_and_not_if_a_script_block_uses_it()
    {
        const string Rows = "1..3 | ForEach-Object { [pscustomobject]@{ Prompt = \"p$_\"; 'Negative Prompt' = 'blur'; Name = 'n'; FileName = \"f$_\" } }";
        _shell.Run(Rows + " | New-ChuiziVideo").Warnings.ShouldBe(["The column 'Negative Prompt' is not used."]);
        _shell.Run("[pscustomobject]@{ 'Prompt text (long)' = 'a'; Old_Prompt = 'b' } | New-ChuiziVideo -Prompt { $_.Old_Prompt } -WarningAction Stop")
            .Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Blank_rows_are_skipped_and_the_others_keep_their_numbers()
    {
        Outcome outcome = _shell.Run("\"Prompt,Model`na,`n,`n ,`n,google/veo-3.1`n,\" | ConvertFrom-Csv | New-ChuiziVideo");
        outcome.TheError.ToString().ShouldStartWith("Row 4: Prompt is blank.");
        _shell.Run("\"Prompt,Model`na,`n,`n,\" | ConvertFrom-Csv | New-ChuiziVideo").ShouldBeClean().Output.Count.ShouldBe(1);
        _shell.Run("\"Prompt,Model`n,`n,\" | ConvertFrom-Csv | New-ChuiziVideo").TheError.FullyQualifiedErrorId.ShouldStartWith("NoInput,");
    }

    [Theory]
    [InlineData("'Prompt', '\"A red kite, slow\"'")]
    [InlineData("'Prompt,Aspect Ratio', 'A boat,16:9'")]
    [InlineData("'{\"input\":{\"prompt\":\"a\"}}'")]
    [InlineData("'---', 'prompt: a'")]
    [InlineData("'| Prompt |', '|---|', '| a |'")]
    [InlineData("'<table>', '<tr><td>a</td></tr>'")]
    [InlineData("'promts.csv'")]
    [InlineData("\"PK`u{3}`u{4}abc\"")]
    [InlineData("\"A kite`u{FFFD}s flight\"")]
    [InlineData("\"`u{200B}`u{200B}\"")]
    [InlineData("([pscustomobject]@{ 'Prompt,Model' = 'a,b' })")]
    public void A_list_read_the_wrong_way_is_refused_whole(string lines)
    {
        Outcome outcome = _shell.Run($"{lines} | New-ChuiziVideo");
        outcome.Errors.ShouldNotBeEmpty();
        outcome.Errors.ShouldAllBe(error => error.FullyQualifiedErrorId.StartsWith("InvalidInput,", StringComparison.Ordinal));
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_piped_list_file_is_an_error_that_names_Path()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "list.csv"), "Prompt\na");
        _shell.Run("Get-Item list.csv | New-ChuiziVideo").TheError.ToString().ShouldContain("Use New-ChuiziVideo -Path.");
        _shell.Posts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("list.csv", "Prompt,Duration,Image\nä kite,4,\n\"two\nlines\",6,")]
    [InlineData("list.csv", "Prompt;Duration;Image\nä kite;4;\n\"two\nlines\";6;")]
    [InlineData("list.tsv", "Prompt\tDuration\nä kite\t4\n\"two\nlines\"\t6")]
    [InlineData("list.json", "[{\"prompt\":\"ä kite\",\"duration\":4},{\"prompt\":\"two\\nlines\",\"duration\":6}]")]
    [InlineData("list.jsonl", "{\"prompt\":\"ä kite\",\"duration\":4}\n\n{\"prompt\":\"two\\nlines\",\"duration\":6}\n")]
    public void Path_reads_lists_of_every_format_with_the_keys_of_Import_Csv(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "lists"));
        File.WriteAllText(Path.Combine(_shell.Folder, "lists", name), text);
        _shell.Run($"New-ChuiziVideo -Path lists/{name} -Ledger run.jsonl").ShouldBeClean().Texts("Prompt").ShouldBe(["ä kite", "two\nlines"]);
        File.WriteAllText(Path.Combine(_shell.Folder, "same.csv"), "Prompt,Duration\nä kite,4\n\"two\nlines\",6");
        _shell.Run("Import-Csv same.csv | New-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(2);
    }

    [Fact]
    public void Errors_of_a_list_name_the_row_and_the_line()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "list.csv"), "Prompt,Duration\n\"two\nlines\",4\n,\nboat,soon");
        _shell.Run("New-ChuiziVideo -Path list.csv").TheError.ToString().ShouldStartWith("Row 3, line 5: Duration 'soon' is not valid.");
        _shell.Posts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("-Path missing.csv", "was not found")]
    [InlineData("-Path list.xml", "has an unknown format")]
    [InlineData("-Path gbk.csv", "is not UTF-8. Specify its -Encoding")]
    [InlineData("-Path gbk.csv -Encoding nonsense", "is not known")]
    [InlineData("-Path bad.json", "cannot be read")]
    [InlineData("-Path bad.jsonl", "line 2: ")]
    [InlineData("-Path cells.csv", "line 3 has more cells than the header (2), so 'jumping' belongs to no column.")]
    [InlineData("-Path quote.csv", "line 2: a cell begins with a quotation mark that is not closed")]
    public void A_list_that_cannot_be_read_is_an_error_that_says_why(string parameters, string expected)
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "list.xml"), "<a/>");
        File.WriteAllBytes(Path.Combine(_shell.Folder, "gbk.csv"), [.. "Prompt\n"u8, 0xB7, 0xE7, 0xF3, 0xDD]);
        File.WriteAllText(Path.Combine(_shell.Folder, "cells.csv"), "Duration,Prompt\n8,A dog\n8,A cat, jumping\n");
        File.WriteAllText(Path.Combine(_shell.Folder, "quote.csv"), "Prompt,Duration\n\"A dog,8\nA cat,8\n");
        File.WriteAllText(Path.Combine(_shell.Folder, "bad.json"), "[{\"prompt\":");
        File.WriteAllText(Path.Combine(_shell.Folder, "bad.jsonl"), "{\"prompt\":\"a\"}\nnot json");
        Outcome outcome = _shell.Run("New-ChuiziVideo " + parameters);
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidList,");
        outcome.TheError.ToString().ShouldContain(expected);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void In_a_list_with_one_column_a_comma_is_part_of_the_prompt()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "list.csv"), "Prompt\nA cat, jumping\n");
        _shell.Run("New-ChuiziVideo -Path list.csv").ShouldBeClean();
        _shell.Server.Jobs.Single().Prompt.ShouldBe("A cat, jumping");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Rows_are_counted_as_PowerShell_counts_them()
    {
        string[] parts = ["a", "b c", "\"", "\"\"", ",", ",", "\n", "\n", "\r\n", " ", "\t", "#"];
        Random random = new(7);
        List<(string Text, int Rows)> lists = [];
        while (lists.Count < 1000)
        {
            string start = random.Next(5) == 0 ? "#TYPE a, b\nA,B,C\n" : "A,B,C\n";
            string text = start + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => parts[random.Next(parts.Length)]));
            try
            {
                lists.Add((text, new ListFileText(text).RowLines(',').Count));
            }
            catch (FormatException)
            {
                // The list is refused.
            }
        }

        Outcome outcome = _shell.Run(
            "param($texts) foreach ($text in $texts) { @($text | ConvertFrom-Csv).Count }", ("texts", lists.Select(list => list.Text).ToArray()));
        int[] counts = [.. outcome.Output.Select(count => (int)count.BaseObject)];
        lists.Where((list, at) => list.Rows != counts[at]).Select(list => list.Text).ShouldBeEmpty();
    }

    [Fact]
    public void A_list_in_another_encoding_is_read_with_Encoding_and_images_start_at_its_folder()
    {
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "lists"));
        byte[] png = [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 3, 0, 0, 0, 3, 0, 8, 2, 0, 0, 0, .. "IEND"u8];
        File.WriteAllBytes(Path.Combine(_shell.Folder, "lists", "a.png"), png);
        File.WriteAllBytes(Path.Combine(_shell.Folder, "lists", "gbk.csv"), [.. "Prompt,Model,Image\n"u8, 0xB7, 0xE7, 0xF3, 0xDD, .. ",wan2.6-i2v,a.png"u8]);
        Outcome outcome = _shell.Run("New-ChuiziVideo -Path lists/gbk.csv -Encoding 936").ShouldBeClean();
        outcome.Texts("Prompt").ShouldBe(["风筝"]);
        outcome.Texts("Image").ShouldBe([Path.Combine(_shell.Folder, "lists", "a.png")]);
    }

    /// <summary>Draws headers, delimiters, encodings, blanks and spellings as spreadsheets and people write them.</summary>
    [Trait("Speed", "Medium")]
    [Fact]
    public void A_drawn_spreadsheet_gives_the_right_requests()
    {
        string[][] headers =
        [
            ["Prompt", "prompt", " Prompt ", "PROMPT", "Prompt text"],
            ["Duration", "Length", "Duration (s)", "duration_seconds", "Seconds", "Length (sec)"],
            ["AspectRatio", "Aspect Ratio", "aspect_ratio", "Ratio", "ASPECT-RATIO"],
            ["Resolution", "resolution", "RESOLUTION "],
        ];
        string[] ratios = ["16:9", "16:09", "16x9", "16 : 9", "16：9", "16/9"];
        string[] durations = ["4", "4s", "4 sec", "４", "4.0"];
        string[] resolutions = ["720P", "720p", "720", "1280x720"];
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            string One(string[] all) => all[random.Next(all.Length)];
            char delimiter = One([",", ";", "\t"])[0];
            int rows = random.Next(1, 4);
            List<string> lines = [string.Join(delimiter, headers.Select(One)) + delimiter + "Notes"];
            for (int row = 0; row < rows; row++)
            {
                lines.Add(string.Join(delimiter, $"\"ein Drachen, {seed}-{row}; größer\"", One(durations), One(ratios), One(resolutions), "n"));
                if (random.Next(3) == 0)
                {
                    lines.Add(new string(delimiter, 4));
                }
            }

            System.Text.Encoding encoding = random.Next(3) switch
            {
                0 => new System.Text.UTF8Encoding(false),
                1 => new System.Text.UTF8Encoding(true),
                _ => System.Text.Encoding.Unicode,
            };
            string text = string.Join(One(["\n", "\r\n"]), lines) + One(["", "\n", "\r\n\r\n"]);
            File.WriteAllBytes(Path.Combine(_shell.Folder, "drawn.csv"), [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            int before = _shell.Server.Jobs.Count;

            Outcome outcome = _shell.Run("New-ChuiziVideo -Path drawn.csv");

            outcome.Errors.ShouldBeEmpty(text);
            string[] bodies = Bodies[before..];
            bodies.Length.ShouldBe(rows, text);
            bodies.ShouldAllBe(body => body.Contains("größer", StringComparison.Ordinal)
                && body.Contains("\"duration\":4,", StringComparison.Ordinal)
                && body.Contains("\"resolution\":\"720P\"", StringComparison.Ordinal)
                && body.Contains("\"aspect_ratio\":\"16:9\"", StringComparison.Ordinal));
        }
    }
}
