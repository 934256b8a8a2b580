namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Which input is accepted, and the errors for input that is not.</summary>
public sealed class InputTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private static string Slug(PSObject video) => PSObject.AsPSObject(video.Properties["Input"].Value).Properties["Slug"].Value.ToString()!;

    [Theory]
    [InlineData("Get-ChuiziVideo -Id { $_.Task }")]
    [InlineData("Wait-ChuiziVideo -Id { $_.Task }")]
    [InlineData("Save-ChuiziVideo -Id { $_.Task } -FileName { $_.Input.Slug }")]
    [InlineData("Wait-ChuiziVideo -VideoId { \"$($_.Task)\" } | Save-ChuiziVideo")]
    public void A_script_block_computes_the_id_of_each_row_and_Input_keeps_the_row(string command)
    {
        Outcome outcome = _shell
            .Run(
                "'a', 'b' | New-ChuiziVideo | ForEach-Object { [pscustomobject]@{ Task = $_.Id; Id = 'a column of mine'; Slug = \"s-$_\" } } | "
                    + command)
            .ShouldBeClean();

        outcome.Texts("Id").ShouldBe(_shell.Server.Jobs.Select(job => job.Id), ignoreOrder: true);
        outcome.Output.ShouldAllBe(video => Slug(video) == "s-" + video);
    }

    [Theory]
    [InlineData("{ }", "NoVideoId", "The video id is empty.")]
    [InlineData("{ '' }", "NoVideoId", "The video id is empty.")]
    [InlineData("{ 'x', 'y' }", "NoVideoId", "Expected one id, but got 2.")]
    [InlineData("{ throw 'boom' }", "NoVideoId", "The script block for Id failed: boom")]
    public void A_script_block_that_returns_no_id_is_an_error_for_its_row_only(string block, string id, string message)
    {
        string script =
            "$v = New-ChuiziVideo 'a'; [pscustomobject]@{ Task = 1 }, $v | Wait-ChuiziVideo -Id { if ($_.Task) { & BLOCK } else { $_.Id } }".Replace(
                "BLOCK",
                block,
                StringComparison.Ordinal);
        Outcome outcome = _shell.Run(script);

        outcome.Texts("Status").ShouldBe(["succeeded"]);
        VideoSummary summary = (VideoSummary)_shell.Run(script + " -Summary").Output.Single().BaseObject;
        (summary.Total, summary.Failed, summary.ExitCode).ShouldBe((2, 1, 3));
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        outcome.TheError.ToString().ShouldContain(message);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Videos_of_every_kind_bind_from_the_pipeline_unchanged()
    {
        Outcome outcome = _shell
            .Run(
                """
                $live = New-ChuiziVideo 'a'
                $live,
                [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((New-ChuiziVideo 'b'))),
                [Chuizi.Video.Video]@{ Status = 'unknown'; Prompt = 'c' },
                @{ Id = (New-ChuiziVideo 'd').Id },
                (New-ChuiziVideo 'e').Id | Wait-ChuiziVideo
                """)
            .ShouldBeClean();

        outcome.Texts("Status").Order().ShouldBe(["succeeded", "succeeded", "succeeded", "succeeded", "unknown"]);
        outcome.Texts("Id").Where(id => id is not null).Order().ShouldBe(_shell.Server.Jobs.Select(job => job.Id).Order());
    }

    [Theory]
    [InlineData("Save-ChuiziVideo $v", "NoInput", "Save-ChuiziVideo received no videos.")]
    [InlineData("$v | Wait-ChuiziVideo -Id 'vid-1'", "AmbiguousInput", "received videos both from the pipeline and from -Id.")]
    [InlineData("$v | Save-ChuiziVideo -Id 'vid-1'", "AmbiguousInput", "received videos both from the pipeline and from -Id.")]
    [InlineData("Wait-ChuiziVideo -Id { $_.Task }", "NoInput", "Wait-ChuiziVideo received no videos.")]
    [InlineData("Wait-ChuiziVideo -Id 1.5", "NoVideoId", "'1.5' (Double) is not a video id.")]
    [InlineData("Get-ChuiziVideo $null", "NoVideoId", "The video id is empty.")]
    [InlineData("Get-ChuiziVideo -Id ''", "NoVideoId", "The video id is empty.")]
    [InlineData("'x' | New-ChuiziVideo | Save-ChuiziVideo -FileName ' '", "InvalidFileName", "FileName is blank.")]
    [InlineData("'x' | New-ChuiziVideo | Save-ChuiziVideo -FileName @{ a = 1 }", "InvalidFileName", "FileName")]
    public void Ambiguous_or_invalid_input_is_an_error_before_any_request_is_sent(string command, string id, string message)
    {
        _shell.Run("$v = New-ChuiziVideo 'a'").ShouldBeClean();
        int before = _shell.Requests.Count;
        Outcome outcome = _shell.Run(command);

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        outcome.TheError.ToString().ShouldContain(message);
        _shell.Requests.Count.ShouldBe(before);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_script_block_for_FileName_that_throws_is_one_error()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -FileName { 1 / 0 }");

        outcome.TheError.ToString().ShouldContain("The script block for FileName failed: Attempted to divide by zero.");
    }

    [Theory]
    [InlineData("prompt", "duration", "aspect_ratio", "image_url")]
    [InlineData("Prompt", "Duration", "AspectRatio", "Image")]
    [InlineData("PROMPT", "DURATION", "ASPECT_RATIO", "IMAGE_URL")]
    public void Columns_are_found_by_either_spelling_in_objects_and_hashtables(params string[] names)
    {
        string row = string.Format(
            "@{{ {0} = 'a'; {1} = '5'; {2} = '16:9'; {3} = 'https://example.com/a.png'; model = 'bailian/wan2.6-i2v' }}",
            names);
        _shell
            .Run($"[pscustomobject]{row}, {row} | New-ChuiziVideo | ForEach-Object Id")
            .ShouldSatisfyAllConditions(outcome => outcome.Errors.ShouldBeEmpty());

        string[] bodies = [.. _shell.Posts.Select(post => post.Body!)];
        bodies.Length.ShouldBe(2);
        bodies.ShouldAllBe(body =>
            body == """{"model":"bailian/wan2.6-i2v","prompt":"a","duration":5,"image":"https://example.com/a.png","aspect_ratio":"16:9"}"""
        );
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    [InlineData("tr-TR")]
    public void Numbers_mean_the_same_in_every_culture(string culture)
    {
        Outcome outcome = _shell
            .Run(
                """
                param($culture)
                [cultureinfo]::CurrentCulture = $culture
                [pscustomobject]@{ Prompt = 'a'; Duration = '6'; EstimatedCost = '0.25'; MODEL = 'GOOGLE/VEO-3.1-LITE' } | New-ChuiziVideo -MaxCost 0.30 | Wait-ChuiziVideo -PollInterval 0.5 -Timeout '90.5'
                """,
                ("culture", culture))
            .ShouldBeClean();

        outcome.Values("Duration").ShouldBe([6]);
        outcome.Texts("Model").ShouldBe(["google/veo-3.1-lite"]);
    }

    [Theory]
    [InlineData("'{\"' + [char]92 + 'ud800\": 1}'")]
    [InlineData("'{ in braces'")]
    public void A_prompt_that_only_begins_like_JSON_is_accepted(string prompt)
    {
        Outcome outcome = _shell.Run($"'a', ({prompt}) | New-ChuiziVideo -WhatIf");

        outcome.Thrown.ShouldBeNull();
        outcome.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void JSON_text_is_refused_as_a_prompt()
    {
        foreach (
            string text in new[]
            {
                """{"prompt": "a red kite", "duration": 6}""",
                """["a kite", "a boat"]""",
                "[",
                "},",
                "\"Prompt\": \"kite\",",
            })
        {
            Outcome outcome = _shell.Run("param($text) $text | New-ChuiziVideo", ("text", text));
            outcome.TheError.ToString().ShouldStartWith("Row 1: Prompt '");
            outcome.TheError.ToString().ShouldContain("is JSON. Read the file with New-ChuiziVideo -Path");
        }

        _shell.Posts.ShouldBeEmpty();
        _shell
            .Run("""New-ChuiziVideo '{"scene": "a prompt written as JSON"}'; New-ChuiziVideo '{ no JSON'""")
            .ShouldBeClean()
            .Output.Count.ShouldBe(2);
    }
}
