namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of a list.</summary>
public sealed class ListPathCompleter() : PathCompleter(".csv", ".tsv", ".json", ".jsonl");
