namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of a ledger.</summary>
public sealed class LedgerPathCompleter() : PathCompleter(".jsonl");
