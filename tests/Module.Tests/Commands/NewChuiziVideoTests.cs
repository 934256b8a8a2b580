using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Commands;

public sealed class NewChuiziVideoTests : IDisposable
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_prompt_alone_is_sent_with_the_default_model()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a red fox'").ShouldBeClean();

        outcome.Texts("Status").ShouldBe(["processing"]);
        outcome.Texts("Model").ShouldBe(["google/veo-3.1-lite"]);
        outcome.Output[0].ToString().ShouldBe(_shell.Server.Jobs[0].Id);
        Sent(0).GetProperty("prompt").GetString().ShouldBe("a red fox");
    }

    [Fact]
    public void Every_parameter_reaches_the_body()
    {
        _shell
            .Run(
                """
                New-ChuiziVideo -Prompt 'p' -Model BAILIAN/happyhorse-1.0-t2v -Duration 5 -Resolution 720p -AspectRatio 9:16 -Watermark $false -Parameter @{ seed = 7; list = 1, 'b'; map = @{ a = $true } }
                """)
            .ShouldBeClean();

        JsonElement body = Sent(0);
        body.GetProperty("model").GetString().ShouldBe("bailian/happyhorse-1.0-t2v");
        body.GetProperty("duration").GetInt32().ShouldBe(5);
        body.GetProperty("resolution").GetString().ShouldBe("720P");
        body.GetProperty("aspect_ratio").GetString().ShouldBe("9:16");
        body.GetProperty("watermark").GetBoolean().ShouldBeFalse();
        body.GetProperty("seed").GetInt32().ShouldBe(7);
        body.GetProperty("list").GetRawText().ShouldBe("[1,\"b\"]");
        body.GetProperty("map").GetProperty("a").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Rows_keep_their_order_and_their_columns()
    {
        Outcome outcome = _shell.Run("""
            1..40 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Slug = "s$_"; Duration = '' } } | New-ChuiziVideo
            """).ShouldBeClean();

        outcome.Texts("Prompt").ShouldBe(Enumerable.Range(1, 40).Select(n => $"p{n}"));
        PSObject input = PSObject.AsPSObject(outcome.Output[6].Properties["Input"].Value);
        input.Properties["Slug"].Value.ShouldBe("s7");
        _shell.Posts.Count.ShouldBe(40);
        Sent(0).TryGetProperty("duration", out _).ShouldBeFalse("a blank cell is not given");
    }

    [Fact]
    public void Strings_dictionaries_and_API_parameter_names_are_accepted_as_rows()
    {
        Outcome outcome = _shell.Run("""
            'text', @{ Prompt = 'table'; Duration = 4 }, [ordered]@{ prompt = 'ordered'; aspect_ratio = '16:9' } | New-ChuiziVideo
            """).ShouldBeClean();

        outcome.Texts("Prompt").ShouldBe(["text", "table", "ordered"]);
        outcome.Values("Duration").ShouldBe([null, 4, null]);
        outcome.Texts("AspectRatio").ShouldBe([null, null, "16:9"]);
    }

    [Fact]
    public void A_script_block_receives_the_row()
    {
        Outcome outcome = _shell.Run("""
            [pscustomobject]@{ Text = 'fox'; Len = 4 }, [pscustomobject]@{ Text = 'hen'; Len = 6 } |
                New-ChuiziVideo -Prompt { "a $($_.Text)" } -Duration { $_.Len }
            """).ShouldBeClean();

        outcome.Texts("Prompt").ShouldBe(["a fox", "a hen"]);
        outcome.Values("Duration").ShouldBe([4, 6]);
    }

    [Fact]
    public void A_parameter_overrides_the_column()
    {
        Outcome outcome = _shell.Run("[pscustomobject]@{ Prompt = 'a'; Duration = 4 } | New-ChuiziVideo -Duration 8").ShouldBeClean();

        outcome.Values("Duration").ShouldBe([8]);
    }

    [Fact]
    public void Local_images_are_sent_as_data_URLs_and_URLs_unchanged()
    {
        File.WriteAllBytes(Path.Combine(_shell.Folder, "one.png"), Convert.FromBase64String(Pixel));
        Outcome outcome = _shell
            .Run(
                """
                [pscustomobject]@{ Prompt = 'Image 1 and Image 2'; Model = 'bailian/happyhorse-1.0-r2v'; ReferenceImage = 'one.png; https://example.com/b.jpg' } | New-ChuiziVideo
                """)
            .ShouldBeClean();

        string?[] sent = [.. Sent(0).GetProperty("reference_image_urls").EnumerateArray().Select(item => item.GetString())];
        sent.ShouldBe(["data:image/png;base64," + Pixel, "https://example.com/b.jpg"]);
        ((string[])outcome.Output[0].Properties["ReferenceImage"].Value)[0].ShouldBe(Path.Combine(_shell.Folder, "one.png"));
    }

    [Fact]
    public void A_piped_video_is_generated_again_with_the_same_request()
    {
        _shell
            .Run(
                "$v = New-ChuiziVideo 'again' -Duration 6 -AspectRatio 9:16 -Watermark $false -Parameter @{ seed = 7 }; $v | "
                    + "New-ChuiziVideo -Again")
            .ShouldBeClean();
        _shell
            .Run(
                "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($v)) | "
                    + "New-ChuiziVideo -Again")
            .ShouldBeClean();

        _shell.Posts.Count.ShouldBe(3);
        Sent(1).GetRawText().ShouldBe(Sent(0).GetRawText());
        Sent(2).GetRawText().ShouldBe(Sent(0).GetRawText());
    }

    [Fact]
    public void A_piped_model_is_used()
    {
        Outcome outcome = _shell.Run("Get-ChuiziVideoModel google/veo-3.1-fast | New-ChuiziVideo -Prompt 'p'").ShouldBeClean();

        outcome.Texts("Model").ShouldBe(["google/veo-3.1-fast"]);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("New-ChuiziVideo ''", "Prompt is empty")]
    [InlineData("New-ChuiziVideo 'p' -Duration 99", "Duration 99 is too long for google/veo-3.1-lite, which accepts at most 8 seconds.")]
    [InlineData("New-ChuiziVideo 'p' -Model bailian/wan2.6-i2v", "requires an image. Specify Image")]
    [InlineData("New-ChuiziVideo 'p' -Model bailian/happyhorse-1.0-r2v", "requires 1 to 9 reference images. Specify ReferenceImage.")]
    [InlineData("New-ChuiziVideo 'p' -Model bailian/happyhorse-1.0-video-edit", "requires a source video. Specify SourceVideo")]
    [InlineData(
        "New-ChuiziVideo 'p' -Model bailian/happyhorse-1.0-r2v -ReferenceImage (1..10 | ForEach-Object { \"https://e.com/$_.png\" })",
        "has 10 images, but bailian/happyhorse-1.0-r2v accepts at most 9."
    )]
    [InlineData("New-ChuiziVideo 'p' -Image nowhere.png -Model bailian/wan2.6-i2v", "Image file not found: '")]
    [InlineData("New-ChuiziVideo 'p' -Image ftp://e.com/a.png -Model bailian/wan2.6-i2v", "not an http or https URL or a local file")]
    [InlineData("'p' | New-ChuiziVideo -Duration abc", "Row 1: Duration 'abc' is not valid. Use a whole number of seconds")]
    [InlineData("[pscustomobject]@{ Text = 'p' } | New-ChuiziVideo", "Row 1: Prompt not found. The columns are Text.")]
    [InlineData(
        "[pscustomobject]@{ Prompt = 'p'; Watermark = 'maybe' } | New-ChuiziVideo",
        "Row 1: Watermark 'maybe' is not valid. Use true or false"
    )]
    [InlineData("@{ Prompt = 'p'; FileName = [datetime]'2026-01-02' } | New-ChuiziVideo", "Row 1: FileName is a DateTime, not text.")]
    [InlineData("@{ Prompt = 'p'; FileName = $true } | New-ChuiziVideo", "Row 1: FileName is a Boolean, not text.")]
    [InlineData("[pscustomobject]@{ Prompt = 'p'; FileName = @('a') } | New-ChuiziVideo", "Row 1: FileName is a")]
    [InlineData("$null | New-ChuiziVideo", "Row 1: Expected a row or a prompt, but got null.")]
    [InlineData("$null | New-ChuiziVideo -Prompt { \"A $($_.Animal)\" }", "Row 1: Expected a row or a prompt, but got null.")]
    [InlineData(",@('a', 'b') | New-ChuiziVideo -Prompt z", "Row 1: The item is a list. Pipe the items of the list one by one.")]
    [InlineData("$h = @{}; $h.self = $h; 'x' | New-ChuiziVideo -Parameter $h", "Row 1: A value is nested too deeply, or contains itself.")]
    [InlineData("'x' | New-ChuiziVideo -Prompt { Get-Command nope -ErrorAction Stop }", "Row 1: The script block for Prompt failed")]
    [InlineData("[pscustomobject]@{ 'Prompt;Model' = 'x;y' } | New-ChuiziVideo", "or Import-Csv -Delimiter")]
    [InlineData("[pscustomobject]@{ Prompt = ' '; Model = 'veo-3.1' } | New-ChuiziVideo", "Row 1: Prompt is blank")]
    [InlineData(
        "'Prompt,Model,FileName', 'a lake,,lake' | New-ChuiziVideo",
        "Row 1: Prompt 'Prompt,Model,FileName' is the header line of a CSV file. Read the file with New-ChuiziVideo -Path or Import-Csv."
    )]
    [InlineData(
        "'\"Prompt\";\"Model\"', '\"a lake\";\"\"' | New-ChuiziVideo",
        "is the header line of a CSV file. Read the file with New-ChuiziVideo -Path or Import-Csv."
    )]
    [InlineData(
        "[System.IO.File]::WriteAllText(\"$PWD/list.csv\", 'x'); New-ChuiziVideo list.csv",
        "Prompt 'list.csv' is the name of a file. To read the list in it, use New-ChuiziVideo -Path."
    )]
    [InlineData("17 | New-ChuiziVideo", "Row 1: Expected a row or a string, but got 17 (Int32).")]
    [InlineData(
        "[pscustomobject]@{ Prompt = 'p' } | New-ChuiziVideo -Duration { throw 'oops' }",
        "Row 1: The script block for Duration failed: oops"
    )]
    [InlineData("New-ChuiziVideo 'p' -Parameter 5", "AdditionalBody is an Int32, not a hashtable")]
    [InlineData("New-ChuiziVideo 'p' -Duration 4 -Parameter @{ duration = 5 }", "'duration', which has its own parameter.")]
    [InlineData("Get-Process -Id $PID | New-ChuiziVideo", "Row 1: Prompt not found")]
    public void Bad_input_gives_one_error_and_nothing_is_sent(string script, string expected)
    {
        Outcome outcome = _shell.Run(
            script.Replace("Get-Process -Id $PID", "[System.Diagnostics.Process]::GetCurrentProcess()", StringComparison.Ordinal));

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        outcome.TheError.ToString().ShouldContain(expected);
        outcome.TheError.ToString().ShouldEndWith("Nothing was submitted.");
        outcome.Output.ShouldBeEmpty();
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void With_a_bad_row_nothing_is_sent_and_each_bad_row_is_reported()
    {
        Outcome outcome = _shell.Run("""
            1..30 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Duration = if ($_ % 10) { 4 } else { 'x' } } } | New-ChuiziVideo
            """);

        outcome.Errors.Select(error => error.ToString()[..7].TrimEnd(':')).ShouldBe(["Row 10", "Row 20", "Row 30"]);
        _shell.Requests.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Hundreds_of_bad_rows_give_at_most_21_errors()
    {
        Outcome outcome = _shell.Run("1..300 | ForEach-Object { [pscustomobject]@{ Prompt = 'p'; Duration = 'x' } } | New-ChuiziVideo");

        outcome.Errors.Count.ShouldBe(21);
        outcome.Errors[^1].ToString().ShouldContain("280 more rows are invalid: rows 21-300");
    }

    [Fact]
    public void A_file_that_is_not_an_image_is_refused()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "page.png"), "<html>");
        _shell
            .Run("New-ChuiziVideo 'p' -Model bailian/wan2.6-i2v -Image page.png")
            .TheError.ToString()
            .ShouldContain("'page.png' is not a supported image. Use PNG, JPEG, WebP, GIF or BMP.");

        using (FileStream big = File.Create(Path.Combine(_shell.Folder, "big.png")))
        {
            big.SetLength(20_000_001);
        }

        _shell.Run("New-ChuiziVideo 'p' -Model bailian/wan2.6-i2v -Image big.png").TheError.ToString().ShouldContain("at most 20 MB");
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void An_empty_list_gives_one_error()
    {
        Outcome outcome = _shell.Run("@() | New-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("NoInput,");
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_with_the_same_warning_share_one_warning()
    {
        Outcome outcome = _shell.Run(
            "1..7 | ForEach-Object { [pscustomobject]@{ Prompt = 'p'; Duration = 5; Promt = 'x' } } | New-ChuiziVideo -Model google/veo-3.1"
        );

        outcome.Warnings.ShouldBe([
            "Rows 1, 2, 3, 4, 5 and 2 more: According to its provider, google/veo-3.1 supports 4, 6 or 8 seconds. Duration 5 is sent unchanged.",
        ]);
        outcome.Output.Count.ShouldBe(7);
    }

    [Fact]
    public void A_misspelled_column_is_one_warning()
    {
        Outcome outcome = _shell.Run("1..3 | ForEach-Object { [pscustomobject]@{ Prompt = 'p'; Duraton = 4 } } | New-ChuiziVideo");

        outcome.Warnings.ShouldBe(["The column 'Duraton' is not used. Did you mean 'Duration'?"]);
    }

    [Fact]
    public void An_unknown_model_is_sent_with_a_warning()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'p' -Model google/veo-3.1-light");

        outcome.Warnings.Single().ShouldContain("did you mean 'google/veo-3.1-lite'?");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("ModelNotFound,");
        _shell.Posts.Count.ShouldBe(1);
    }

    [Fact]
    public void WhatIf_sends_nothing_and_needs_no_connection()
    {
        using Shell apart = new(connect: false);
        Outcome outcome = apart.Run("'a', 'b' | New-ChuiziVideo -WhatIf");
        outcome.Warnings.ShouldBe(["Prices are not available without a connection. To see them, run Connect-ChuiziVideo first."]);
        outcome.Errors.ShouldBeEmpty();
        outcome.Output.ShouldBeEmpty();
        apart.Requests.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_refused_row_continues_as_a_failed_video_with_one_error()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Code = "validation_error",
                Message = "no",
                Route = SandboxRoute.Submit,
                Skip = 1,
            });
        Outcome outcome = _shell.Run("'a', 'b', 'c' | New-ChuiziVideo -ThrottleLimit 1 | Wait-ChuiziVideo | Save-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldBe("RequestRejected,Chuizi.Video.Module.Commands.NewChuiziVideoCommand");
        outcome.TheError.ToString().ShouldStartWith("Row 2: The API responded with HTTP 400: no");
        outcome.Texts("Status").Order().ShouldBe(["failed", "succeeded", "succeeded"]);
    }

    [Fact]
    public void A_submission_without_a_response_is_never_sent_again()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.DropAfterAcceptance, Route = SandboxRoute.Submit });
        Outcome outcome = _shell.Run("New-ChuiziVideo 'paid'");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("SubmissionOutcomeUnknown,");
        outcome.Texts("Status").ShouldBe(["unknown"]);
        _shell.Posts.Count.ShouldBe(1);
        _shell.Server.Jobs.Count.ShouldBe(1);
    }

    [Fact]
    public void An_account_error_ends_the_run_and_lists_the_rows_that_were_not_sent()
    {
        using Shell poor = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 0.01m });
        Outcome outcome = poor.Run(
            "try { 1..50 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 2 } catch { 'ended'; throw }");

        outcome.Output.Single().ToString().ShouldBe("ended");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InsufficientBalance,");
        outcome.TheError.ToString().ShouldContain("Not submitted: rows 1-50.");
        poor.Posts.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void An_account_error_during_a_run_keeps_the_videos_already_submitted()
    {
        using Shell poor = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1m });
        Outcome outcome = poor.Run("$v = 1..50 | ForEach-Object { \"p$_\" } | New-ChuiziVideo -ThrottleLimit 1 -Duration 4; $v");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InsufficientBalance,");
        int paid = poor.Server.Jobs.Count;
        paid.ShouldBeGreaterThan(0);
        outcome.Texts("Status").ShouldBe([.. Enumerable.Repeat("processing", paid), .. Enumerable.Repeat("skipped", 50 - paid)]);
        outcome.Texts("Id").Take(paid).ShouldBe(poor.Server.Jobs.Select(job => job.Id));
        outcome.TheError.ToString().ShouldContain($"Not submitted: rows {poor.Server.Jobs.Count + 1}-50.");
    }

    private JsonElement Sent(int index) => JsonDocument.Parse(_shell.Posts[index].Body!).RootElement;
}
