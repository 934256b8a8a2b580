using System.Security.Cryptography;

namespace Chuizi.Video.Module.Tests.Commands;

public sealed partial class SaveChuiziVideoTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void Files_are_saved_completely_with_path_and_hash()
    {
        Outcome outcome = _shell
            .Run("'a', 'b', 'c' | New-ChuiziVideo -Duration 4 | Wait-ChuiziVideo | Save-ChuiziVideo -Destination videos")
            .ShouldBeClean();

        outcome.Output.Count.ShouldBe(3);
        foreach (PSObject video in outcome.Output)
        {
            string path = (string)video.Properties["Path"].Value;
            path.ShouldBe(Path.Combine(_shell.Folder, "videos", video.Properties["Id"].Value + ".mp4"));
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))).ShouldBe((string)video.Properties["Sha256"].Value);
        }

        Directory.GetFiles(Path.Combine(_shell.Folder, "videos")).Length.ShouldBe(3, "no .part is left");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void The_key_is_not_sent_to_the_media_server()
    {
        _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean();

        RecordedRequest media = _shell.Requests.Single(request => request.Origin == "media");
        media.Headers.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Names_come_from_a_parameter_a_column_or_a_script_block()
    {
        _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -FileName fixed").ShouldBeClean();
        _shell
            .Run("[pscustomobject]@{ Prompt = 'b'; FileName = 'column.mp4' } | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo")
            .ShouldBeClean();
        _shell
            .Run(
                "[pscustomobject]@{ Prompt = 'c'; Slug = '../../slug' } | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -FileName "
                    + "{ $_.Input.Slug + '.mp4' }")
            .ShouldBeClean();

        Files().ShouldBe(["_.._slug.mp4", "column.mp4", "fixed.mp4"]);
    }

    [Fact]
    public void Videos_with_the_same_name_get_separate_files()
    {
        _shell.Run("'a', 'b', 'c' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -FileName same.mp4").ShouldBeClean();

        Files().ShouldBe(["same (2).mp4", "same (3).mp4", "same.mp4"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_existing_file_is_kept_without_Force()
    {
        string path = Path.Combine(_shell.Folder, "mine.mp4");
        File.WriteAllText(path, "precious");

        Outcome outcome = _shell.Run("($v = New-ChuiziVideo 'a' | Wait-ChuiziVideo) | Save-ChuiziVideo -FileName mine");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
        outcome.TheError.ToString().ShouldContain(path);
        File.ReadAllText(path).ShouldBe("precious");

        _shell.Run("$v | Save-ChuiziVideo -FileName mine -Force").ShouldBeClean().Texts("Path").ShouldBe([path]);
        new FileInfo(path).Length.ShouldBeGreaterThan(1000);
        int before = _shell.Requests.Count;
        _shell.Run("$v | Save-ChuiziVideo -FileName mine").ShouldBeClean().Texts("Path").ShouldBe([path], "it is there already, whole");
        _shell.Requests.Count.ShouldBe(before);
        File.WriteAllText(path, "changed");
        _shell.Run("$v | Save-ChuiziVideo -FileName mine").TheError.FullyQualifiedErrorId.ShouldStartWith("FileExists,");
    }

    [Fact]
    public void The_error_for_a_failed_bare_id_does_not_mention_a_prompt()
    {
        _shell.Run("$v = New-ChuiziVideo 'forbidden'").ShouldBeClean();
        _shell.Run("Save-ChuiziVideo -Id $v.Id").TheError.ToString().ShouldEndWith(" failed: Content policy violation.");
    }

    [Fact]
    public void A_video_passed_twice_gets_one_file()
    {
        _shell.Run("$v = New-ChuiziVideo 'a'").ShouldBeClean();
        Outcome outcome = _shell.Run("Save-ChuiziVideo -Id $v.Id, $v.Id").ShouldBeClean();
        outcome.Texts("Path").Distinct().Count().ShouldBe(1);
        Files().Length.ShouldBe(1);
        _shell.Requests.Count(request => request.Route == SandboxRoute.Media).ShouldBe(1);
    }

    [Fact]
    public void A_video_with_an_invalid_FileName_is_output_without_a_Path()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo out").ShouldBeClean();
        Outcome outcome = _shell.Run("$v | Save-ChuiziVideo other -FileName { ' ' }");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidFileName,");
        outcome.Texts("Path").ShouldBe([null]);
    }

    [Fact]
    public void A_destination_below_a_file_is_refused_before_anything_is_sent()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "file"), "x");
        _shell
            .Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo file/sub")
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void Details_of_a_bare_id_are_retrieved()
    {
        _shell.Run("$v = New-ChuiziVideo 'a'").ShouldBeClean();
        Outcome outcome = _shell.Run("Save-ChuiziVideo -Id $v.Id -FileName { $_.Model.Split('/')[1] }").ShouldBeClean();

        Files().ShouldBe(["veo-3.1-lite.mp4"]);
        outcome.Values("Cost").Single().ShouldBe(_shell.Server.Jobs[0].Cost);
    }

    [Fact]
    public void An_address_in_a_row_is_ignored()
    {
        _shell.Run("$v = New-ChuiziVideo 'a'").ShouldBeClean();
        _shell
            .Run("[pscustomobject]@{ Id = $v.Id; Url = 'https://evil.example/x.mp4'; Status = 'succeeded' } | Save-ChuiziVideo")
            .ShouldBeClean();

        Files().Length.ShouldBe(1);
        _shell.Requests.ShouldContain(request => request.Origin == "media");
    }

    [Fact]
    public void WhatIf_saves_nothing()
    {
        _shell
            .Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -Destination new -WhatIf")
            .ShouldBeClean()
            .Output.ShouldBeEmpty();

        Directory.GetFileSystemEntries(_shell.Folder).ShouldBeEmpty();
        _shell.Requests.ShouldNotContain(request => request.Origin == "media");
    }

    [Fact]
    public void A_destination_that_is_a_file_is_refused_before_anything_is_sent()
    {
        File.WriteAllText(Path.Combine(_shell.Folder, "file"), "x");
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -Destination file");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        outcome.TheError.ToString().ShouldContain("is a file");
        _shell.Requests.ShouldBeEmpty("the pipeline ends before New-ChuiziVideo sends");
    }

    [Theory]
    [InlineData("Env:")]
    [InlineData("Variable:/x")]
    [InlineData("NoSuchDrive:/x")]
    public void A_destination_outside_the_file_system_is_refused(string destination)
    {
        _shell
            .Run($"New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -Destination {destination}")
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
    }

    [Fact]
    public void A_destination_that_cannot_be_written_is_refused_before_anything_is_submitted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "No folder here refuses root.");
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -Destination /proc/below");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        _shell.Posts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(@"-Destination '\\server\share'")]
    [InlineData(@"-Destination 'Z:\videos'")]
    public void A_path_of_another_system_is_refused_before_anything_is_submitted(string parameter)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These are paths of this system.");
        _shell.Run($"New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo {parameter}")
            .TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidDestination,");
        _shell.Posts.ShouldBeEmpty();
        Files().ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_download_that_is_not_a_video_is_one_error_and_leaves_no_file()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.HtmlPage, Route = SandboxRoute.Media, Times = int.MaxValue });
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("NotAVideo,");
        outcome.Texts("Path").ShouldBe([null]);
        Directory.GetFiles(_shell.Folder).ShouldBeEmpty();
    }

    [Fact]
    public void A_FileName_script_block_that_throws_is_one_error()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo -FileName { throw 'oops' }");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidFileName,");
        outcome.TheError.ToString().ShouldContain("oops");
    }

    [Fact]
    public void A_relative_destination_starts_at_the_PowerShell_location()
    {
        _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo | Save-ChuiziVideo ./here").ShouldBeClean();

        Directory.Exists(Path.Combine(_shell.Folder, "here")).ShouldBeTrue();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Progress_is_one_bar_with_files_bytes_rate_and_time_left_at_most_4_times_a_second()
    {
        using Shell shell = new(
            new SandboxOptions
            {
                GenerationTime = TimeSpan.Zero,
                Balance = 100,
                MediaLatency = TimeSpan.FromSeconds(0.4),
            },
            host: new RecordingHost(80));
        shell.Run("$v = 'a', 'b', 'c', 'd' | New-ChuiziVideo | Wait-ChuiziVideo").ShouldBeClean();
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();

        Outcome outcome = shell.Run("$v | Save-ChuiziVideo -ThrottleLimit 1").ShouldBeClean();

        double seconds = watch.Elapsed.TotalSeconds;
        ProgressRecord[] bar = [.. outcome.Progress.Where(record => record.RecordType == ProgressRecordType.Processing)];
        bar.Select(record => (record.ActivityId, record.ParentActivityId, record.Activity))
            .Distinct()
            .Single()
            .ShouldBe((bar[0].ActivityId, -1, "Saving videos"));
        bar.ShouldAllBe(record => Status().IsMatch(record.StatusDescription));
        bar.ShouldContain(record =>
            record.StatusDescription.Contains(" of 4 saved, ", StringComparison.Ordinal)
            && record.StatusDescription.EndsWith("MB/s", StringComparison.Ordinal));
        bar.ShouldContain(record => record.SecondsRemaining > 0);
        bar.Select(record => record.PercentComplete).ShouldBeInOrder();
        bar.Length.ShouldBeLessThanOrEqualTo((int)(seconds * 4) + 1);
        outcome.Progress[^1].RecordType.ShouldBe(ProgressRecordType.Completed);
    }

    [System.Text.RegularExpressions.GeneratedRegex(
        @"^[0-4] of [1-4] saved, \d+\.\d( of \d+\.\d)? MB(, \d+\.\d MB/s)?$",
        System.Text.RegularExpressions.RegexOptions.ExplicitCapture | System.Text.RegularExpressions.RegexOptions.NonBacktracking
    )]
    private static partial System.Text.RegularExpressions.Regex Status();

    private string[] Files() =>
        [.. Directory.GetFiles(_shell.Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_refused_download_fails_only_its_video_even_when_the_key_is_now_invalid()
    {
        _shell.Run("$v = 'a', 'b', 'c' | New-ChuiziVideo | Wait-ChuiziVideo").ShouldBeClean();
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 403, Route = SandboxRoute.Media });
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 401,
                Code = "invalid_api_key",
                Route = SandboxRoute.Poll,
                Times = int.MaxValue,
            });
        Outcome outcome = _shell.Run("$v | Save-ChuiziVideo -ThrottleLimit 1");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidApiKey,");
        outcome.Output.Count.ShouldBe(3);
        Files().Length.ShouldBe(2);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("@{ Prompt = 'a'; filename = 'named' }")]
    [InlineData("[pscustomobject]@{ Prompt = 'a'; FILENAME = 'named' }")]
    [InlineData(
        "[System.Collections.Generic.Dictionary[string,object]] $d = [System.Collections.Generic.Dictionary[string,object]]::new(); "
            + "$d['Prompt'] = 'a'; $d['fileName'] = 'named'; $d"
    )]
    public void A_FileName_column_is_used_in_every_kind_of_row(string row)
    {
        _shell.Run($"& {{ {row} }} | ForEach-Object {{ , $_ | New-ChuiziVideo }} | Wait-ChuiziVideo | Save-ChuiziVideo").ShouldBeClean();

        Files().ShouldBe(["named.mp4"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_terminating_error_in_the_script_block_affects_only_its_video()
    {
        Outcome outcome = _shell.Run(
            "$n = @(0); 'a', 'b', 'c' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo -FileName { if (++$n[0] -eq 2) { Get-Command nope -ErrorAction Stop }; \"n$($n[0])\" }"
        );

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidFileName,");
        Files().ShouldBe(["n1.mp4", "n3.mp4"]);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("$v.Url = 'media.example/v.mp4'")]
    [InlineData("$v.Latency = [double]::NaN")]
    [InlineData("$v.Latency = 1e300")]
    public void A_value_of_a_video_that_is_not_possible_affects_no_file(string change)
    {
        _shell.Run(
            $"$v = New-ChuiziVideo 'a' -FileName a | Wait-ChuiziVideo; {change}; "
                + "$v, (New-ChuiziVideo 'b' -FileName b | Wait-ChuiziVideo) | Save-ChuiziVideo -Sidecar").ShouldBeClean();
        Files().Where(file => file.EndsWith(".mp4", StringComparison.Ordinal)).ShouldBe(["a.mp4", "b.mp4"]);
    }
}
