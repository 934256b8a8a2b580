namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>The Input of a video is the row that the user piped, although a long list does not keep the objects of its rows.</summary>
public sealed class KeptRowTests : IDisposable
{
    private const string Collect = "[GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect(); ";

    private readonly Shell _shell = new();

    public KeptRowTests()
    {
        string[] list = ["Prompt,Model,Scene", "a,google/veo-3.1-lite,1", "b,google/veo-3.1-lite,", "c,google/veo-3.1-lite"];
        File.WriteAllLines(Path.Combine(_shell.Folder, "list.csv"), list);
        _shell.Run("function Get-Rows { Import-Csv list.csv }").ShouldBeClean();
    }

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void The_rows_that_the_user_holds_are_the_inputs()
    {
        Outcome outcome = _shell.Run(
            $"$rows = Get-Rows; $videos = $rows | New-ChuiziVideo -Ledger run.jsonl; {Collect}"
                + "$videos | ForEach-Object { $_.Input | Add-Member Task $_.Id }; $rows.Task").ShouldBeClean();
        outcome.Output.Select(id => id.ToString()).ShouldBe(_shell.Server.Jobs.Select(job => job.Id), ignoreOrder: true);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("$videos = Get-Rows | New-ChuiziVideo")]
    [InlineData("$videos = New-ChuiziVideo -Path list.csv")]
    [InlineData("$videos = Get-Rows | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out -FileName '{Prompt}' -Sidecar")]
    [InlineData("$videos = Get-Rows | Test-ChuiziVideo")]
    public void Other_rows_come_back_with_all_their_columns(string command)
    {
        Outcome outcome = _shell.Run(
            $"{command}; {Collect}"
                + "$videos | Sort-Object Row | ForEach-Object { ConvertTo-Json -Compress $_.Input; $_.Input.pstypenames[0] }")
            .ShouldBeClean();
        outcome.Output.Select(text => text.ToString()).ShouldBe([
            """{"Prompt":"a","Model":"google/veo-3.1-lite","Scene":"1"}""",
            "System.Management.Automation.PSCustomObject",
            """{"Prompt":"b","Model":"google/veo-3.1-lite","Scene":""}""",
            "System.Management.Automation.PSCustomObject",
            """{"Prompt":"c","Model":"google/veo-3.1-lite","Scene":null}""",
            "System.Management.Automation.PSCustomObject",
        ]);
    }

    [Fact]
    public void What_the_user_changes_in_an_input_stays()
    {
        Outcome outcome = _shell.Run(
            $"$videos = Get-Rows | New-ChuiziVideo; $videos[0].Input.Scene = 'done'; {Collect}$videos[0].Input.Scene").ShouldBeClean();
        outcome.Output.ShouldHaveSingleItem().ToString().ShouldBe("done");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void What_the_user_changes_in_a_row_is_in_the_name_and_in_the_sidecar()
    {
        Outcome outcome = _shell.Run(
            "$rows = Get-Rows; $videos = $rows | New-ChuiziVideo -Ledger run.jsonl; $rows | Add-Member Shot S1; "
                + "$file = $videos[0] | Save-ChuiziVideo out -Sidecar -FileName '{Shot}-{Prompt}'; Split-Path -Leaf $file.Path; "
                + "(Get-Content \"$($file.Path).json\" | ConvertFrom-Json).Input.Shot").ShouldBeClean();
        outcome.Output.Select(text => text.ToString()).ShouldBe(["S1-a.mp4", "S1"]);
    }

    [Fact]
    public void Tags_are_further_columns()
    {
        Outcome outcome = _shell.Run(
            $"$videos = Get-Rows | New-ChuiziVideo -Tag @{{ Shoot = 7 }}; {Collect}$videos[0].Input | ConvertTo-Json -Compress")
            .ShouldBeClean();
        outcome.Output.ShouldHaveSingleItem().ToString()
            .ShouldBe("""{"Prompt":"a","Model":"google/veo-3.1-lite","Scene":"1","Shoot":"7"}""");
    }

    [Theory]
    [InlineData("@{ Prompt = 'a'; When = [datetime]'2026-11-29'; Weight = 1.5; Sure = $true }", "When", "Weight", "Sure")]
    [InlineData("@{ Prompt = 'a'; List = 1, 2; Map = @{ x = 1 } }", "List", "Map")]
    public void Values_keep_their_types(string row, params string[] columns)
    {
        string check = string.Join(", ", columns.Select(column => $"$video.Input.{column}.GetType().Name"));
        string expected = string.Join(", ", columns.Select(column => $"$row.{column}.GetType().Name"));
        Outcome outcome = _shell.Run(
            $"$row = [pscustomobject]{row}; $video = [pscustomobject]{row} | New-ChuiziVideo; {Collect}"
                + $"(@({check}) -join ' ') -eq (@({expected}) -join ' ')").ShouldBeClean();
        outcome.Output.ShouldHaveSingleItem().BaseObject.ShouldBe(true);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_row_with_members_of_its_own_is_kept_itself()
    {
        Outcome outcome = _shell.Run(
            "$video = & { [pscustomobject]@{ Prompt = 'a' } | Add-Member ScriptProperty Loud { $this.Prompt.ToUpper() } -PassThru "
                + $"| Add-Member ScriptMethod Twice {{ $this.Prompt * 2 }} -PassThru }} | New-ChuiziVideo; {Collect}"
                + "$video.Input.Loud; $video.Input.Twice()").ShouldBeClean();
        outcome.Output.Select(text => text.ToString()).ShouldBe(["A", "aa"]);
        outcome = _shell.Run(
            "$video = & { $row = [pscustomobject]@{ Prompt = 'a' }; $row.pstypenames.Add('My.Row'); $row } | New-ChuiziVideo; "
                + $"{Collect}$video.Input.pstypenames[-1]").ShouldBeClean();
        outcome.Output.ShouldHaveSingleItem().ToString().ShouldBe("My.Row");
    }
}
