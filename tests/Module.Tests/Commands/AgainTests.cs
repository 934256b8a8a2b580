namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>A video that comes back as input is not billed again without -Again.</summary>
[Trait("Speed", "Medium")]
public sealed class AgainTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("$v | New-ChuiziVideo")]
    [InlineData("$v | Export-Clixml v.xml; Import-Clixml v.xml | New-ChuiziVideo")]
    [InlineData("$v | Select-Object Id, Prompt, Model | Export-Csv v.csv; Import-Csv v.csv | New-ChuiziVideo")]
    [InlineData("$v | Select-Object Id, Prompt, Model | Export-Csv v.csv; New-ChuiziVideo -Path v.csv")]
    [InlineData("$v | Select-Object Id, Prompt, Model | ConvertTo-Json -AsArray | ConvertFrom-Json -AsHashtable | New-ChuiziVideo -Ledger other.jsonl")]
    public void A_video_or_an_export_is_refused_without_Again(string command)
    {
        _shell.Run("$global:v = 'a' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        Outcome outcome = _shell.Run(command);
        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidInput,");
        outcome.TheError.ToString().ShouldContain("was already submitted. To generate and pay for it again, use -Again. Nothing was submitted.");
        _shell.Server.Jobs.Count.ShouldBe(1);
        _shell.Run(command + " -Again").ShouldBeClean().Output.Count.ShouldBe(1);
        _shell.Server.Jobs.Count.ShouldBe(2);
    }

    [Fact]
    public void Again_sends_what_was_sent_and_not_what_the_row_says()
    {
        const string Row = "[pscustomobject]@{ Prompt = 'a'; AdditionalBody = '{\"seed\":7}' }";
        _shell.Run($"$global:v = {Row} | New-ChuiziVideo -AdditionalBody @{{}} -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        _shell.Run("$v | New-ChuiziVideo -Again -Ledger run.jsonl").ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(1);
        _shell.Run("$v | New-ChuiziVideo -Again").ShouldBeClean();
        _shell.Posts.Count.ShouldBe(2);
        _shell.Posts.ShouldAllBe(post => !post.Body!.Contains("seed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ledger_that_has_the_row_decides_and_Again_does_not_override_it()
    {
        const string Run = "$v | New-ChuiziVideo -Ledger run.jsonl";
        _shell.Run("$global:v = 'a', 'forbidden' | New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo").Errors.Count.ShouldBe(1);
        _shell.Run(Run).Errors.ShouldBeEmpty();
        _shell.Run(Run + " -Again").Errors.ShouldBeEmpty();
        _shell.Server.Jobs.Count.ShouldBe(2);
        _shell.Run(Run + " -RetryFailed").Errors.ShouldBeEmpty();
        _shell.Server.Jobs.Count.ShouldBe(3);
    }

    [Fact]
    public void A_skipped_video_and_an_id_in_no_ledger_are_submitted()
    {
        _shell.Run("$global:v = 'a', 'b' | New-ChuiziVideo -Duration 4 -MaxCost 0.15 -ErrorAction Ignore").Errors.ShouldBeEmpty();
        _shell.Run("$v | Where-Object Status -eq skipped | New-ChuiziVideo").ShouldBeClean();
        _shell.Run("[pscustomobject]@{ Id = 'scene-12'; Prompt = 'c' } | New-ChuiziVideo").ShouldBeClean();
        _shell.Server.Jobs.Count.ShouldBe(3);
    }
}
