using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class RunLockFileTests : LedgerTest
{
    private const string Run = "00000000000000aa";

    [Fact]
    public void A_lock_file_is_held_until_it_is_closed_and_its_folder_is_created()
    {
        string ledger = Home.Of("new/run.jsonl");
        RunLockFile.IsHeld(ledger, Run).ShouldBeFalse();
        using (RunLockFile.Create(ledger, Run))
        {
            RunLockFile.IsHeld(ledger, Run).ShouldBeTrue();
            File.Exists($"{ledger}.{Run}.lock").ShouldBeTrue("the check does not delete the file of a run that is alive");
            Should.Throw<IOException>(() => RunLockFile.Create(ledger, Run));
        }

        RunLockFile.IsHeld(ledger, Run).ShouldBeFalse();
        Directory.EnumerateFiles(Home.Of("new")).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_nobody_has_locked_is_not_held_and_is_deleted()
    {
        string left = Home.Write($"run.jsonl.{Run}.lock", []);
        RunLockFile.IsHeld(LedgerPath, Run).ShouldBeFalse();
        File.Exists(left).ShouldBeFalse();
    }

    [Fact]
    public void A_lock_file_that_may_not_be_opened_counts_as_held()
    {
        Directory.CreateDirectory($"{LedgerPath}.{Run}.lock");
        RunLockFile.IsHeld(LedgerPath, Run).ShouldBeTrue();
    }

    [Fact]
    public void A_link_and_its_target_have_the_same_lock_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links require special permissions on Windows.");
        Write(Records.Intent("e"));
        string folder = Directory.CreateDirectory(Home.Of("links")).FullName;
        string first = Path.Combine(folder, "first.jsonl");
        string link = Path.Combine(folder, "link.jsonl");
        File.CreateSymbolicLink(first, LedgerPath);
        File.CreateSymbolicLink(link, first);
        using FileStream held = RunLockFile.Create(link, Run);
        Directory.EnumerateFiles(folder).ShouldBe([first, link], ignoreOrder: true);
        File.Exists($"{LedgerPath}.{Run}.lock").ShouldBeTrue();
        (RunLockFile.IsHeld(link, Run), RunLockFile.IsHeld(LedgerPath, Run)).ShouldBe((true, true));
    }
}
