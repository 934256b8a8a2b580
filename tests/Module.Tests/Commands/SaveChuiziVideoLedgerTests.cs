namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>What Save-ChuiziVideo writes into a ledger.</summary>
public sealed class SaveChuiziVideoLedgerTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_video_that_is_saved_while_connected_elsewhere_is_recorded_where_it_was_made_and_counts_nowhere_else()
    {
        using SandboxServer other = SandboxServer.Start(new SandboxOptions { Balance = 1000 });
        _shell.Run("$made = 'p' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl | Wait-ChuiziVideo").ShouldBeClean();
        _shell.Run($"Connect-ChuiziVideo {other.ApiKey} -BaseUri {other.BaseAddress}; $made | Save-ChuiziVideo out").ShouldBeClean();
        _shell.Run("'q' | New-ChuiziVideo -Duration 4 -Ledger run.jsonl -MaxCost 0.12").ShouldBeClean().Texts("Prompt").ShouldBe(["q"]);
        _shell.Run($"Connect-ChuiziVideo {_shell.Server.ApiKey} -BaseUri {_shell.Server.BaseAddress}; Get-ChuiziVideo -Ledger run.jsonl -WarningAction Ignore")
            .ShouldBeClean().Texts("Path").ShouldBe([Path.Combine(_shell.Folder, "out", _shell.Server.Jobs[0].Id + ".mp4")]);
    }
}
