namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of a page.</summary>
public sealed class PagePathCompleter() : PathCompleter(".html");
