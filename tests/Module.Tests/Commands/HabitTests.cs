using System.Text;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>What people are used to: defaults, dates, hashtables, other encodings.</summary>
public sealed class HabitTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("([datetime]::Now.AddHours(1))")]
    [InlineData("([datetime]::UtcNow.AddHours(1))")]
    [InlineData("([datetimeoffset]::Now.AddHours(1))")]
    [InlineData("([datetime]::Now.AddHours(1).ToString('yyyy-MM-dd HH:mm:ss'))")]
    [InlineData("([datetime]::UtcNow.AddHours(1).ToString('o'))")]
    [InlineData("17:30")]
    [InlineData("90")]
    public void A_deadline_is_a_duration_or_a_time(string deadline) =>
        _shell.Run($"New-ChuiziVideo 'a' -Deadline {deadline} | Wait-ChuiziVideo -Deadline {deadline}").ShouldBeClean()
            .Texts("Status").ShouldBe(["succeeded"]);

    [Theory]
    [InlineData("([datetime]::Now.AddMinutes(-1))", "is in the past.")]
    [InlineData("2001-01-01", "is in the past.")]
    [InlineData("([datetime]::Now.AddDays(30))", "is more than 24 days ahead.")]
    [InlineData("soon", "is not a valid duration. Use seconds (90) or a time span (00:01:30) or a date with a time, longer than 0 s")]
    public void A_deadline_that_cannot_be_is_an_error_before_anything_is_submitted(string deadline, string message)
    {
        _shell.Run($"'a' | New-ChuiziVideo -Deadline {deadline}").TheError.ToString().ShouldContain(message);
        _shell.Posts.ShouldBeEmpty();
    }

    [Fact]
    public void A_timeout_is_no_time_of_day() =>
        _shell.Run("Wait-ChuiziVideo x -Timeout ([datetime]::Now.AddHours(1))").TheError.ToString().ShouldContain("is not a valid duration");

    [Fact]
    public void A_default_parameter_that_replaces_a_column_is_a_warning()
    {
        const string Rows = "[pscustomobject]@{ Prompt = 'a'; Model = 'wan2.6-t2v' }, [pscustomobject]@{ Prompt = 'b'; Model = '' }";
        Outcome outcome = _shell.Run($"$PSDefaultParameterValues = @{{ 'New-*:Model' = 'veo-3.1-lite' }}; {Rows} | New-ChuiziVideo");
        outcome.Warnings.ShouldBe(
            ["The column Model is not used, because $PSDefaultParameterValues sets -Model for this cmdlet. Remove it there to use the column."]);
        outcome.Texts("Model").ShouldAllBe(model => model == "google/veo-3.1-lite");
        _shell.Run($"$PSDefaultParameterValues = @{{}}; {Rows} | New-ChuiziVideo -Model veo-3.1-lite").ShouldBeClean();
    }

    [Theory]
    [InlineData("$null")]
    [InlineData("''")]
    public void A_parameter_that_a_script_passes_on_blank_leaves_the_column(string value)
    {
        _shell.Run($"[pscustomobject]@{{ Prompt = 'a'; Duration = 4 }} | New-ChuiziVideo -Duration {value} -Model {value}").ShouldBeClean();
        _shell.Server.Jobs.Single().Body.ShouldContain("\"duration\":4");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_default_ledger_works_in_every_pipeline()
    {
        _shell.Run("$global:PSDefaultParameterValues = @{ '*-ChuiziVideo:Ledger' = 'run.jsonl' }").ShouldBeClean();
        _shell.Run("$global:v = 'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo | Save-ChuiziVideo out").ShouldBeClean();
        _shell.Run("'a', 'b' | New-ChuiziVideo | Save-ChuiziVideo out").ShouldBeClean();
        _shell.Posts.Count.ShouldBe(2);
        foreach (string command in new[]
            {
                "Get-ChuiziVideo", "Get-ChuiziVideo -Status succeeded", "$v | Get-ChuiziVideo", "$v.Id | Get-ChuiziVideo",
                "Get-ChuiziVideo $v.Id", "Get-ChuiziVideo | Get-ChuiziVideo",
            })
        {
            _shell.Run(command).ShouldBeClean().Output.Count.ShouldBe(2, command);
        }
    }

    [Fact]
    public void A_case_sensitive_hashtable_has_an_id()
    {
        _shell.Run("$global:id = (New-ChuiziVideo 'a').Id").ShouldBeClean();
        _shell.Run("\"{`\"id`\":`\"$id`\"}\" | ConvertFrom-Json -AsHashtable | Wait-ChuiziVideo").ShouldBeClean().Texts("Status")
            .ShouldBe(["succeeded"]);
        _shell.Run("\"{`\"videoId`\":`\"$id`\"}\" | ConvertFrom-Json -AsHashtable | Get-ChuiziVideo").ShouldBeClean().Texts("Id").Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("New-ChuiziVideo 'b' -Ledger run.jsonl")]
    [InlineData("Get-ChuiziVideo -Ledger run.jsonl")]
    public void A_ledger_in_UTF_16_is_named_with_the_way_out(string command)
    {
        _shell.Run("New-ChuiziVideo 'a' -Ledger run.jsonl").ShouldBeClean();
        string path = Path.Combine(_shell.Folder, "run.jsonl");
        File.WriteAllText(path, File.ReadAllText(path), Encoding.Unicode);
        string message = _shell.Run(command).TheError.ToString();
        message.ShouldContain("it is UTF-16 text. To convert it, run: (Get-Content '");
        string fix = message[message.IndexOf("(Get-Content", StringComparison.Ordinal)..(message.IndexOf("-Encoding utf8", StringComparison.Ordinal) + 14)];
        _shell.Run(fix).ShouldBeClean();
        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl").ShouldBeClean().Output.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("New-ChuiziVideo 'a' -Ledger '\\\\server\\share\\run.jsonl'")]
    [InlineData("New-ChuiziVideo 'a' -Image '\\\\server\\share\\a.png'")]
    [InlineData("New-ChuiziVideo -Path '\\\\server\\share\\list.csv'")]
    [InlineData("New-ChuiziVideo 'a' | Save-ChuiziVideo '\\\\server\\share'")]
    [InlineData("New-ChuiziVideo 'a' | Save-ChuiziVideo 'X:\\videos'")]
    [InlineData("Invoke-ChuiziVideoBatch '\\\\server\\share\\list.csv'")]
    public void A_path_of_another_system_is_refused_and_nothing_is_made(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "They are paths of Windows.");
        _shell.Run(command).Errors.ShouldNotBeEmpty();
        _shell.Posts.ShouldBeEmpty();
        Directory.GetFileSystemEntries(_shell.Folder).ShouldBeEmpty();
    }
}
