namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>What Save-ChuiziVideo reads from a ledger and writes to it.</summary>
[Trait("Speed", "Medium")]
public sealed class SaveChuiziVideoLedgerTests : IDisposable
{
    private readonly Shell _shell = new();

    private string Ledger => Path.Combine(_shell.Folder, "run.jsonl");

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Without_Wait_ChuiziVideo_the_final_status_is_recorded_too()
    {
        const string Run = "'a', 'b' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl | Save-ChuiziVideo out";
        _shell.Run(Run).ShouldBeClean();
        int requests = _shell.Requests.Count;

        Outcome again = _shell.Run(Run).ShouldBeClean();

        _shell.Requests.Count.ShouldBe(requests);
        again.Texts("Status").ShouldBe(["succeeded", "succeeded"]);
        again.Values("Cost").ShouldBe([0.12m, 0.12m]);
    }

    [Fact]
    public void Repeated_checks_do_not_grow_the_ledger()
    {
        _shell.Run("'a', 'b' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        long length = new FileInfo(Ledger).Length;

        _shell
            .Run("1..5 | ForEach-Object { Get-ChuiziVideo -Ledger run.jsonl | Get-ChuiziVideo | Wait-ChuiziVideo }")
            .ShouldBeClean()
            .Output.Count.ShouldBe(10);

        new FileInfo(Ledger).Length.ShouldBe(length);
    }

    [Fact]
    public void The_ledger_keeps_the_FileName_of_each_row()
    {
        _shell
            .Run(
                "[pscustomobject]@{ Prompt = 'a'; FileName = 'fox' }, @{ Prompt = 'b'; filename = 'hen.mp4' }, 'c' | New-ChuiziVideo "
                    + "-Ledger run.jsonl")
            .ShouldBeClean();

        Outcome outcome = _shell
            .Run("Get-ChuiziVideo -Ledger run.jsonl -Status processing | Wait-ChuiziVideo | Save-ChuiziVideo out")
            .ShouldBeClean();

        outcome
            .Texts("Path")
            .Select(Path.GetFileName)
            .Order()
            .ShouldBe(["fox.mp4", "hen.mp4", _shell.Server.Jobs.Single(job => job.Prompt == "c").Id + ".mp4"], ignoreOrder: true);
    }

    [Fact]
    public void A_FileName_script_property_is_evaluated_on_the_pipeline_thread()
    {
        const string Rows = """
            1..3 | ForEach-Object {
                $row = [pscustomobject]@{ Prompt = "p$_" }
                $row.PSObject.Properties.Add([psscriptproperty]::new('FileName', { [System.Threading.Thread]::CurrentThread.ManagedThreadId }))
                $row
            }
            """;
        Outcome thread = _shell
            .Run($"[System.Threading.Thread]::CurrentThread.ManagedThreadId; $null = {Rows} | New-ChuiziVideo -Ledger run.jsonl")
            .ShouldBeClean();

        File.ReadAllLines(Ledger).Where(line => line.Contains("\"intent\"", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Contains($"\"file_name\":\"{thread.Output.Single()}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIf_does_not_download_a_missing_file_again()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' -Ledger run.jsonl | Wait-ChuiziVideo | Save-ChuiziVideo out").ShouldBeClean();
        string file = Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Single();
        File.Delete(file);

        _shell.Run("$v.Url = $null; $v | Save-ChuiziVideo out -WhatIf").ShouldBeClean().Output.ShouldBeEmpty();
        File.Exists(file).ShouldBeFalse();

        _shell.Run("$v | Save-ChuiziVideo out").ShouldBeClean().Texts("Path").ShouldBe([file]);
    }

    [Fact]
    public async Task A_downstream_exception_during_a_ledger_lookup_ends_the_pipeline()
    {
        string folder = Path.Combine(_shell.Folder, "out");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "theirs.mp4"), "x");
        _shell
            .Run(
                "$b = New-ChuiziVideo 'b' -Ledger run.jsonl | Wait-ChuiziVideo; $b.Url = $null; $a = New-ChuiziVideo 'a' | Wait-ChuiziVideo"
            )
            .ShouldBeClean();
        FileStream? held = null;
        Action hold = () => Eventually.Is(() => (held = TryHold(Ledger)) is not null, "the ledger to be free");

        // The script block locks the ledger just before Save-ChuiziVideo looks up whose file it is. Meanwhile the other video is output.
        // Its download is delayed, because it would usually come first.
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Route = SandboxRoute.Media, Delay = TimeSpan.FromSeconds(0.2) });
        Task<Outcome> run = Task.Run(() =>
            _shell.Run(
                """
                param($hold)
                $name = { if ($_.Prompt -eq 'b') { $hold.Invoke(); 'theirs' } else { 'mine' } }
                try { $b, $a | Save-ChuiziVideo out -FileName $name | ForEach-Object { throw 'oops' } } catch { "caught $_" }
                """,
                ("hold", hold)));
        Eventually.Is(
            () => run.IsCompleted || (Volatile.Read(ref held) is not null && File.Exists(Path.Combine(folder, "mine.mp4"))),
            "the other video");
        held?.Dispose();

        (await run).Output.Select(item => item.ToString()).ShouldBe(["caught oops"]);
    }

    [Fact]
    public void A_file_of_another_video_keeps_its_name_even_with_Force()
    {
        _shell
            .Run(
                "[pscustomobject]@{ Prompt = 'x'; FileName = 'n' } | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | "
                    + "Save-ChuiziVideo out")
            .ShouldBeClean();
        using Shell later = new();
        later
            .Run(
                "param($key, $uri, $ledger, $folder) Connect-ChuiziVideo $key -BaseUri $uri; $null = New-ChuiziVideo 'y' -Ledger $ledger; "
                    + "$null = $ExecutionContext.SessionState.Path.SetLocation($folder)",
                ("key", _shell.Server.ApiKey),
                ("uri", _shell.Server.BaseAddress.ToString()),
                ("ledger", Ledger),
                ("folder", _shell.Folder))
            .ShouldBeClean();

        Outcome outcome = later
            .Run("Get-ChuiziVideo -Ledger run.jsonl -Status processing | Wait-ChuiziVideo | Save-ChuiziVideo out -FileName n -Force")
            .ShouldBeClean();

        Path.GetFileName(outcome.Texts("Path").Single()).ShouldBe("n (2).mp4");
        Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Length.ShouldBe(2);
    }

    [Fact]
    public void A_video_finds_its_own_file_in_any_pipeline_order()
    {
        _shell
            .Run(
                "'a', 'b' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo | Where-Object Prompt -eq a | Save-ChuiziVideo out "
                    + "-FileName n")
            .ShouldBeClean();
        int requests = _shell.Requests.Count;

        Outcome outcome = _shell
            .Run(
                "$l = Get-ChuiziVideo -Ledger run.jsonl; @($l | Where-Object Prompt -eq b) + @($l | Where-Object Prompt -eq a) | "
                    + "Save-ChuiziVideo out -FileName n")
            .ShouldBeClean();

        outcome
            .Output.ToDictionary(
                video => (string)video.Properties["Prompt"].Value,
                video => Path.GetFileName((string)video.Properties["Path"].Value))
            .ShouldBe(new Dictionary<string, string> { ["a"] = "n.mp4", ["b"] = "n (2).mp4" }, ignoreOrder: true);
        (_shell.Requests.Count - requests).ShouldBe(1, "only the one that is not there");
    }

    [Fact]
    public void A_video_piped_twice_is_downloaded_once_to_its_previous_file()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' -Ledger run.jsonl | Wait-ChuiziVideo; $null = $v | Save-ChuiziVideo out").ShouldBeClean();
        string file = Directory.GetFiles(Path.Combine(_shell.Folder, "out")).Single();
        File.Delete(file);
        int requests = _shell.Requests.Count;

        Outcome outcome = _shell
            .Run("$l = Get-ChuiziVideo -Ledger run.jsonl; $m = Get-ChuiziVideo -Ledger run.jsonl; $l, $m | Save-ChuiziVideo out")
            .ShouldBeClean();

        outcome.Texts("Path").ShouldBe([file, file]);
        (_shell.Requests.Count - requests).ShouldBe(1);
    }

    [Fact]
    public void A_video_piped_twice_with_another_case_never_gets_the_name_of_another_file()
    {
        _shell.Run("$v = New-ChuiziVideo 'a' | Save-ChuiziVideo out/clip.mp4").ShouldBeClean();
        string other = Path.Combine(_shell.Folder, "out", "Clip.mp4");
        bool isAnother = !File.Exists(other);
        if (isAnother)
        {
            File.WriteAllText(other, "another video");
        }

        Outcome outcome = _shell.Run(
            """
            $again = [Chuizi.Video.Video]@{ Id = $v.Id; Status = 'succeeded'; Url = $v.Url; FileName = 'Clip' }
            $v, $again | Save-ChuiziVideo out -Force
            """);

        outcome.ShouldBeClean().Texts("Path").Select(Path.GetFileName).ShouldBe(["clip.mp4", "Clip (2).mp4"], ignoreOrder: true);
        (!isAnother || File.ReadAllText(other) == "another video").ShouldBeTrue();
    }

    [Fact]
    public void New_rows_at_the_start_of_a_list_leave_each_video_its_file()
    {
        const string Rows =
            "| ForEach-Object { [pscustomobject]@{ Prompt = $_; FileName = 'n' } } | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo";
        Outcome first = _shell.Run($"'a', 'b' {Rows} | Save-ChuiziVideo out").ShouldBeClean();
        int downloads = _shell.Requests.Count(request => request.Route == SandboxRoute.Media);

        Outcome again = _shell
            .Run(
                $"$v = @('c', 'a', 'b' {Rows}); @($v.Where({{ $_.Prompt -eq 'c' }})) + @($v.Where({{ $_.Prompt -ne 'c' }})) | "
                    + "Save-ChuiziVideo out")
            .ShouldBeClean();

        Names(again).ShouldBe(Names(first).Append(new("c", "n (3).mp4")), ignoreOrder: true);
        _shell.Requests.Count(request => request.Route == SandboxRoute.Media).ShouldBe(downloads + 1, "the new one");
    }

    [Fact]
    public void A_ledger_that_was_overwritten_is_a_warning_and_the_video_is_saved()
    {
        _shell.Run("$v = New-ChuiziVideo 'x' -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        File.WriteAllText(Ledger, "Prompt,Model\n");
        Directory.CreateDirectory(Path.Combine(_shell.Folder, "out"));
        File.WriteAllText(Path.Combine(_shell.Folder, "out", "n.mp4"), "x");

        Outcome outcome = _shell.Run("$v | Save-ChuiziVideo out -FileName n -Force");

        outcome.Errors.ShouldBeEmpty();
        outcome.Warnings.ShouldAllBe(warning => warning.Contains("is not a ledger", StringComparison.Ordinal));
        outcome.Texts("Path").ShouldBe([Path.Combine(_shell.Folder, "out", "n.mp4")]);
        File.ReadAllText(Ledger).ShouldBe("Prompt,Model\n");
    }

    [Fact]
    public void An_id_that_does_not_exist_is_an_error_without_output()
    {
        Outcome outcome = _shell.Run("'vid-nowhere' | Save-ChuiziVideo");
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        outcome.Output.ShouldBeEmpty();
    }

    private static Dictionary<string, string> Names(Outcome outcome) =>
        outcome.Output.ToDictionary(
            video => (string)video.Properties["Prompt"].Value,
            video => Path.GetFileName((string)video.Properties["Path"].Value));

    /// <summary>Locks the ledger as another process does. Null while it is in use.</summary>
    private static FileStream? TryHold(string ledger)
    {
        try
        {
            return new FileStream(ledger, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
