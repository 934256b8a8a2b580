namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Save-ChuiziVideo waits for what is not finished, and one video can go to one file.</summary>
public sealed class SaveWaitsTests : IDisposable
{
    private const string OneLine = "New-ChuiziVideo 'A red kite' | Save-ChuiziVideo kite.mp4";

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private readonly FastClock _clock = new(20);
    private readonly Shell _shell;

    // The second poll, at five seconds, finds a video finished.
    public SaveWaitsTests() =>
        _shell = new Shell(new SandboxOptions { GenerationTime = TimeSpan.FromSeconds(4), Balance = 100, Clock = _clock }, clock: _clock);

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void One_line_makes_one_file()
    {
        Outcome outcome = _shell.Run(OneLine).ShouldBeClean();
        Video video = outcome.Output.ShouldHaveSingleItem().BaseObject.ShouldBeOfType<Video>();
        video.Status.ShouldBe("succeeded");
        video.Path.ShouldBe(Of("kite.mp4"));
        video.Size.ShouldBe(new FileInfo(Of("kite.mp4")).Length);
        video.Finished.ShouldBe(video.Created!.Value.AddSeconds(video.Latency!.Value));
        video.EstimatedCost.ShouldBeNull();
        video.Origin.ShouldBe(_shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority));
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("Save-ChuiziVideo -Path out")]
    [InlineData("Save-ChuiziVideo -OutFile out/one.mp4")]
    [InlineData("Export-Clixml v.xml; Import-Clixml v.xml | Save-ChuiziVideo out")]
    [InlineData("ForEach-Object Id | Save-ChuiziVideo out")]
    [InlineData("Out-Null; Get-ChuiziVideo -Ledger run.jsonl | Save-ChuiziVideo out")]
    [InlineData("Wait-ChuiziVideo | Save-ChuiziVideo out")]
    public void A_video_in_progress_is_waited_for_wherever_it_comes_from(string command)
    {
        _shell.Run($"New-ChuiziVideo 'a' -Ledger run.jsonl | {command}").ShouldBeClean();
        Directory.GetFiles(Of("out"), "*.mp4").ShouldHaveSingleItem();
    }

    [Fact]
    public void NoWait_reports_a_video_in_progress_as_an_error()
    {
        using Shell shell = Endless();
        Outcome outcome = shell.Run("'a', 'b' | New-ChuiziVideo | Save-ChuiziVideo out -NoWait");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotReady,");
        outcome.TheError.ToString().ShouldStartWith("2 videos are not finished yet: ");
        Directory.Exists(Path.Combine(shell.Folder, "out")).ShouldBeFalse();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void What_is_not_finished_in_time_is_reported_and_the_rest_is_saved()
    {
        using Shell shell = Endless();
        shell.Run("$global:old = New-ChuiziVideo 'old'").ShouldBeClean();
        _clock.Leap(s_hour);
        // Enough real time for the poll of a finished video on a busy machine.
        Outcome outcome = shell.Run("$old, (New-ChuiziVideo 'new') | Save-ChuiziVideo out -Timeout 120");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
        outcome.Texts("Status").ShouldBe(["succeeded", "processing"], ignoreOrder: true);
        Directory.GetFiles(Path.Combine(shell.Folder, "out"), "*.mp4").ShouldHaveSingleItem();
    }

    [Fact]
    public void In_a_pipeline_with_Wait_nothing_is_waited_for_twice()
    {
        using Shell shell = Endless();
        Outcome outcome = shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo -Timeout 1 | Save-ChuiziVideo out");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("WaitTimeout,");
        outcome.Texts("Status").ShouldBe(["processing"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_failed_generation_is_one_error()
    {
        Outcome outcome = _shell.Run("'forbidden', 'a' | New-ChuiziVideo | Save-ChuiziVideo out");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
        outcome.Texts("Status").ShouldBe(["failed", "succeeded"], ignoreOrder: true);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_error_that_ends_the_waiting_does_not_end_the_downloads()
    {
        _shell.Run("$global:old = New-ChuiziVideo 'old' | Wait-ChuiziVideo; $global:new = New-ChuiziVideo 'new'").ShouldBeClean();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Route = SandboxRoute.Poll, Status = 401, Times = 100 });
        Outcome outcome = _shell.Run("$new, $old | Save-ChuiziVideo out");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidApiKey,");
        Directory.GetFiles(Of("out"), "*.mp4").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("'a', 'b' | New-ChuiziVideo | Save-ChuiziVideo kite.mp4", "InvalidDestination", "is for one video, but there are 2.")]
    [InlineData("Set-Content kite.mp4 x; " + OneLine, "InvalidDestination", "already exists. Use -Force with Save-ChuiziVideo")]
    [InlineData(OneLine + " -FileName boat", "InvalidFileName", "-FileName cannot be used with a destination that is a file.")]
    [InlineData("New-ChuiziVideo 'a' -FileName '{Scene}' | Save-ChuiziVideo out", "InvalidInput", "{Scene} has no value.")]
    [InlineData("New-ChuiziVideo 'a' -FileName '{Id}' | Save-ChuiziVideo out", "InvalidInput", "{Id} is known only after the submission.")]
    [InlineData("New-ChuiziVideo 'a' -FileName '../{Model}' | Save-ChuiziVideo out", "InvalidFileName", "inside the destination")]
    [InlineData("New-ChuiziVideo 'a' | Save-ChuiziVideo out -FileName '{Id'", "InvalidFileName", "has a brace without a partner.")]
    public void What_cannot_be_saved_is_not_submitted(string command, string id, string message)
    {
        Outcome outcome = _shell.Run(command);
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith(id + ",");
        outcome.TheError.ToString().ShouldContain(message);
        _shell.Posts.ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_row_that_is_left_out_does_not_count_for_a_single_file()
    {
        _shell.Run("[pscustomobject]@{ Prompt = 'a' }, [pscustomobject]@{ Prompt = 'b'; Duration = 'soon' } | "
            + "New-ChuiziVideo -SkipInvalid -WarningAction Ignore | Save-ChuiziVideo kite.mp4").ShouldBeClean();
        File.Exists(Of("kite.mp4")).ShouldBeTrue();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_rerun_with_a_ledger_finds_the_file_it_saved()
    {
        const string Run = "New-ChuiziVideo 'A red kite' -Ledger run.jsonl | Save-ChuiziVideo kite.mp4";
        _shell.Run(Run).ShouldBeClean();
        _shell.Run(Run).ShouldBeClean().Texts("Path").ShouldBe([Of("kite.mp4")]);
        _shell.Posts.Count.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_second_video_for_a_file_is_an_error_and_the_first_is_kept()
    {
        _shell.Run("$global:v = 'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo").ShouldBeClean();
        Outcome outcome = _shell.Run("$v | Save-ChuiziVideo kite.mp4");
        outcome.TheError.ToString().ShouldContain("is for one video, and");
        outcome.Texts("Path").ShouldBe([Of("kite.mp4"), null], ignoreOrder: true);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_folder_that_ends_in_mp4_is_a_folder()
    {
        Directory.CreateDirectory(Of("kite.mp4"));
        _shell.Run("New-ChuiziVideo 'A red kite' -FileName a | Save-ChuiziVideo kite.mp4").ShouldBeClean();
        File.Exists(Path.Combine(Of("kite.mp4"), "a.mp4")).ShouldBeTrue();
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("New-ChuiziVideo -FileName '{Scene:00}/{Model}'", "Save-ChuiziVideo out")]
    [InlineData("New-ChuiziVideo", "Save-ChuiziVideo out -FileName '{Scene:00}/{Model}'")]
    public void A_template_names_files_and_folders_and_a_rerun_finds_them(string start, string save)
    {
        string run = "[pscustomobject]@{ Prompt = 'a'; Scene = 3 }, [pscustomobject]@{ Prompt = 'b'; Scene = '3' }, "
            + $"[pscustomobject]@{{ Prompt = 'c'; Scene = 12 }} | {start} -Ledger run.jsonl | {save}";
        _shell.Run(run).ShouldBeClean();
        IEnumerable<string> files = Directory.GetFiles(Of("out"), "*", SearchOption.AllDirectories);
        files.Select(path => Path.GetRelativePath(Of("out"), path)).ShouldBe(
            [Path.Combine("03", "veo-3.1-lite (2).mp4"), Path.Combine("03", "veo-3.1-lite.mp4"), Path.Combine("12", "veo-3.1-lite.mp4")],
            ignoreOrder: true);
        _shell.Run(run).ShouldBeClean();
        Directory.GetFiles(Of("out"), "*", SearchOption.AllDirectories).Length.ShouldBe(3);
        _shell.Posts.Count.ShouldBe(3);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Folders_that_differ_only_in_case_are_one()
    {
        _shell.Run(
            "[pscustomobject]@{ Prompt = 'a'; Scene = 'A' }, [pscustomobject]@{ Prompt = 'b'; Scene = 'a' } | "
            + "New-ChuiziVideo | Save-ChuiziVideo out -FileName '{Scene}/x' -Force").ShouldBeClean();
        string folder = Directory.GetDirectories(Of("out")).ShouldHaveSingleItem();
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["x (2).mp4", "x.mp4"]);
    }

    [Fact]
    public void What_if_counts_a_video_once()
    {
        _shell.Run("$global:id = (New-ChuiziVideo 'a').Id").ShouldBeClean();
        Outcome outcome = _shell.Run("Save-ChuiziVideo -Id $id out -WhatIf -Summary").ShouldBeClean();
        ((VideoSummary)outcome.Output.Single().BaseObject).Total.ShouldBe(1);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_folder_of_pictures_becomes_files_with_their_names()
    {
        File.WriteAllBytes(Of("beach.png"), Images.Png(640, 480));
        File.WriteAllBytes(Of("forest.png"), Images.Png(640, 481));
        _shell.Run("gci *.png | New-ChuiziVideo \"Push in\" | Save-ChuiziVideo out").ShouldBeClean();
        Directory.GetFiles(Of("out")).Select(Path.GetFileName).Order().ShouldBe(["beach.mp4", "forest.mp4"]);
    }

    [Fact]
    public void What_if_does_not_wait()
    {
        RecordingHost host = new(width: 300);
        using Shell shell = new(_shell.Server, _shell.Folder, host, _clock);
        shell.Run("New-ChuiziVideo 'a' -FileName kite | Save-ChuiziVideo out -WhatIf").ShouldBeClean();
        host.Text.ShouldContain("Save video vid-");
        host.Text.ShouldContain(Path.Combine("out", "kite.mp4"));
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_bars_are_about_the_whole_batch_with_money_and_time()
    {
        using Shell shell = new(
            new SandboxOptions
            {
                GenerationTime = TimeSpan.FromSeconds(0.2), GenerationTimeMaximum = TimeSpan.FromSeconds(2), Balance = 100,
            },
            host: new RecordingHost(width: 120));
        Outcome outcome = shell.Run("1..6 | % { \"p$_\" } | New-ChuiziVideo -Duration 4 -MaxCost 2 | Wait-ChuiziVideo | Save-ChuiziVideo out")
            .ShouldBeClean();
        ProgressRecord[] bars = [.. outcome.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];
        ProgressRecord[] saving = [.. bars.Where(record => record.Activity == "Saving videos")];
        saving.ShouldAllBe(record => record.StatusDescription.Contains(" of 6 saved", StringComparison.Ordinal));
        saving.Where(record => record.StatusDescription.StartsWith("0 of", StringComparison.Ordinal))
            .ShouldAllBe(record => record.PercentComplete < 100);
        bars.Where(record => record.Activity == "Waiting for videos")
            .ShouldContain(record => record.StatusDescription.Contains(" so far (limit $2.00)", StringComparison.Ordinal));
        bars.Where(record => record.Activity == "Submitting videos")
            .ShouldAllBe(record => record.StatusDescription.Contains(" of $2.00 spent or committed", StringComparison.Ordinal));
        outcome.Information.Select(line => line.ToString()!.Split(';')[0])
            .ShouldBe(["Submitted: 6 videos, $0.72 estimated. $0.72 of -MaxCost $2.00 is spent or committed.", "6 videos: 6 saved"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Quiet_leaves_the_totals_out()
    {
        RecordingHost host = new(width: 120);
        using Shell shell = new(_shell.Server, _shell.Folder, host, _clock);
        host.Take();
        shell.Run("'a', 'b' | New-ChuiziVideo -Quiet | Save-ChuiziVideo out -Quiet").ShouldBeClean();
        host.Text.ShouldBeEmpty();
    }

    /// <summary>A shell whose videos take an hour.</summary>
    private Shell Endless() => new(new SandboxOptions { GenerationTime = s_hour, Balance = 100, Clock = _clock }, clock: _clock);

    private string Of(string name) => Path.Combine(_shell.Folder, name);
}
