namespace Chuizi.Video.Module.Completion;

/// <summary>Completes a folder.</summary>
public sealed class FolderCompleter() : PathCompleter();
