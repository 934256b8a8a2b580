using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerStoreTests : LedgerTest
{
    [Fact]
    public void A_file_is_never_full_and_a_run_of_this_machine_is_never_in_doubt()
    {
        LedgerStore store = LedgerStore.At(LedgerPath);
        store.Full.ShouldBeNull();
        (store.IsInEffect(Records.DeadRun), store.IsUncertain(Records.DeadRun)).ShouldBe((true, false));
        (store.IsAlive(Records.DeadRun), store.MaySend(Records.DeadRun)).ShouldBe((false, false));
    }

    [Fact]
    public void A_run_whose_lock_is_held_may_send()
    {
        using LedgerRun run = new();
        using IDisposable hold = LedgerStore.At(LedgerPath).Hold(run, Ledger);
        LedgerStore store = LedgerStore.At(LedgerPath);
        (store.IsAlive(run.Name), store.MaySend(run.Name)).ShouldBe((true, true));
    }
}
