namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>-Publish makes local files available at a URL just before their rows are sent, and signatures make no new rows.</summary>
public sealed class PublishTests : IDisposable
{
    private const string Publish = """
        $published = [Collections.Generic.List[string]]::new();
        $publish = { $published.Add($_.Name); "https://a.blob.core.windows.net/c/$($_.Name)?sv=2026&sig=$([guid]::NewGuid())" };
        """;

    private const string Run = "New-ChuiziVideo -Model wan2.6-i2v -Ledger run.jsonl -Publish $publish";

    private readonly RecordingHost _host = new(400);
    private readonly Shell _shell;

    public PublishTests() => _shell = new Shell(host: _host);

    private string Ledger => File.ReadAllText(Path.Combine(_shell.Folder, "run.jsonl"));

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Each_file_is_published_once_before_its_first_row_is_sent_and_recorded()
    {
        Write("a.png", 1);
        Write("b.png", 2);
        Outcome outcome = _shell.Run(Publish + $$"""
            $rows = 'a', 'b', 'a' | ForEach-Object { [pscustomobject]@{ Prompt = "p $_"; Image = "$_.png" } };
            $null = $rows | {{Run}} -WarningAction Ignore;
            $published
            """);
        outcome.Output.Select(name => name.ToString()).Order().ShouldBe(["a.png", "b.png"]);
        string[] bodies = [.. _shell.Server.Jobs.Select(job => job.Body)];
        bodies.Length.ShouldBe(3);
        bodies.ShouldAllBe(body => body.Contains("\"image\":\"https://a.blob.core.windows.net/c/", StringComparison.Ordinal));
        Ledger.ShouldContain(Path.Combine(_shell.Folder, "a.png"));
        Ledger.ShouldNotContain("sig=");
    }

    [Fact]
    public void While_a_file_is_being_published_its_row_is_not_in_the_ledger()
    {
        Write("a.png", 1);
        Outcome outcome = _shell.Run("""
            $publish = { $global:during = Test-Path run.jsonl; 'https://storage.example/a.png' };
            New-ChuiziVideo p -Image a.png -Model wan2.6-i2v -Ledger run.jsonl -Publish $publish;
            $during
            """).ShouldBeClean();
        outcome.Output[1].ToString().ShouldBe("False");
        Ledger.ShouldContain("\"step\":\"submitted\"");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_list_with_new_signatures_or_published_files_is_submitted_once_and_a_changed_file_again()
    {
        for (int file = 0; file < 100; file++)
        {
            Write($"i{file}.png", file);
        }

        const string Urls = """
            $rows = 1..100 | ForEach-Object { [pscustomobject]@{ Prompt = "p$_"; Model = 'wan2.6-i2v'; FileName = "u$_";
                Image = "https://a.blob.core.windows.net/c/$_.png?sv=2026&se=2027&sig=$([guid]::NewGuid())" } };
            $rows | New-ChuiziVideo -Ledger urls.jsonl -Verbose | Wait-ChuiziVideo | Save-ChuiziVideo out -Sidecar | Export-ChuiziVideoGallery out/index.html
            """;
        const string Files = Publish + """
            $rows = 0..99 | ForEach-Object { [pscustomobject]@{ Prompt = "f$_"; Image = "i$_.png"; FileName = "f$_" } };
            $null = $rows |
            """ + " " + Run + " -Verbose | Wait-ChuiziVideo | Save-ChuiziVideo out -Sidecar; $published";
        Outcome[] first = [_shell.Run(Urls), _shell.Run(Files)];
        _shell.Server.Jobs.Count.ShouldBe(200);
        Outcome[] second = [_shell.Run(Urls), _shell.Run(Files)];
        _shell.Server.Jobs.Count.ShouldBe(200);
        second[1].Output.ShouldBeEmpty("nothing is published that is not sent");
        Write("i42.png", 4242);
        _shell.Run(Files).Output.Single().ToString().ShouldBe("i42.png");
        _shell.Server.Jobs.Count.ShouldBe(201);

        foreach (string file in Directory.GetFiles(_shell.Folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".mp4", StringComparison.Ordinal)))
        {
            Signature().IsMatch(File.ReadAllText(file)).ShouldBeFalse(file);
        }

        foreach (Outcome outcome in first.Concat(second))
        {
            outcome.Errors.ShouldBeEmpty();
            outcome.Verbose.Concat(outcome.Warnings).ShouldAllBe(line => !Signature().IsMatch(line));
        }
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("throw 'no space left'", "no space left")]
    [InlineData("Write-Error 'quota'", "quota")]
    [InlineData("", "It must return the http or https URL of the file")]
    [InlineData("'c:/a.png'", "It must return the http or https URL of the file")]
    [InlineData("'https://a/1', 'https://a/2'", "returned 2 objects")]
    [InlineData("'https://a/1.png?sig=***'", "It must return the http or https URL of the file")]
    [InlineData("Set-Content $_ x; 'https://a/1.png'", "changed after the list was checked")]
    public void A_block_that_fails_leaves_only_its_rows_unsent(string block, string expected)
    {
        Write("a.png", 1);
        string list = "[pscustomobject]@{ Prompt = 'a'; Image = 'a.png' }, [pscustomobject]@{ Prompt = 'b'; Image = 'https://b.example/b.png' }";
        Outcome outcome = _shell.Run($"{list} | New-ChuiziVideo -Model wan2.6-i2v -Ledger run.jsonl -Publish {{ {block} }}");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("PublishFailed,");
        outcome.TheError.ToString().ShouldStartWith("Row 1: Not submitted, because ");
        outcome.TheError.ToString().ShouldContain(expected);
        outcome.Texts("Status").ShouldBe(["skipped", "processing"]);
        Ledger.ShouldNotContain("a.png");
        _shell.Server.Jobs.Count.ShouldBe(1);

        Write("a.png", 1);
        _shell.Run($"{list} | New-ChuiziVideo -Model wan2.6-i2v -Ledger run.jsonl -Publish {{ 'https://a/1.png' }}").ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(2);
    }

    [Fact]
    public void A_local_source_video_requires_Publish()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "clip.mp4"), "not looked at");
        const string Edit = "New-ChuiziVideo 'Make it rain' -Model happyhorse-1.0-video-edit -SourceVideo clip.mp4";
        Outcome refused = _shell.Run(Edit);
        refused.TheError.ToString().ShouldContain("To use a local file, specify -Publish.");
        _shell.Run(Edit + " -Ledger run.jsonl -Publish { 'https://videos.example/clip.mp4' }").ShouldBeClean();
        _shell.Server.Jobs.Single().Body.ShouldContain("\"video_url\":\"https://videos.example/clip.mp4\"");
        _shell.Run(Edit + " -Ledger run.jsonl -Publish { throw }").ShouldBeClean();
        _shell.Run(Edit.Replace("clip", "missing", StringComparison.Ordinal) + " -Publish { 'https://a/b' }").TheError.ToString()
            .ShouldContain("SourceVideo file not found");
    }

    [Fact]
    public void Rows_beyond_the_spending_limit_and_WhatIf_publish_nothing()
    {
        Write("a.png", 1);
        Write("b.png", 2);
        const string Rows = "$rows = 'a', 'b' | ForEach-Object { [pscustomobject]@{ Prompt = $_; Image = \"$_.png\"; EstimatedCost = 1 } };";
        _shell.Run(Publish + Rows + $"$rows | {Run} -WhatIf; $published").Output.ShouldBeEmpty();
        _shell.Run(Publish + Rows + $"$null = $rows | {Run} -MaxCost 1 -ThrottleLimit 1 -ErrorAction Ignore; $published").Output
            .Select(name => name.ToString()).ShouldBe(["a.png"]);
    }

    [Fact]
    public void Ctrl_C_ends_a_block_that_runs_and_nothing_was_sent()
    {
        Write("a.png", 1);
        using PowerShell running = _shell.Begin("""
            $publish = { New-Item started; Start-Sleep 300; 'https://a/1.png' };
            New-ChuiziVideo p -Image a.png -Model wan2.6-i2v -Ledger run.jsonl -Publish $publish
            """);
        running.BeginInvoke();
        Eventually.Is(() => File.Exists(Path.Combine(_shell.Folder, "started")), "the block");
        IAsyncResult stop = running.BeginStop(null, null);
        Eventually.Is(() => stop.IsCompleted, "the end");
        _shell.Posts.ShouldBeEmpty();
        File.Exists(Path.Combine(_shell.Folder, "run.jsonl")).ShouldBeFalse();
    }

    private static System.Text.RegularExpressions.Regex Signature() =>
        new("sig=[0-9a-f]", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    /// <summary>Writes the smallest PNG, with a number so that files differ.</summary>
    private void Write(string name, int number)
    {
        byte[] png =
        [
            0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 3, 0, 0, 0, 3, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0,
            .. BitConverter.GetBytes(number), 0, 0, 0, 0, .. "IEND"u8, 0xAE, 0x42, 0x60, 0x82,
        ];
        File.WriteAllBytes(Path.Combine(_shell.Folder, name), png);
    }
}
