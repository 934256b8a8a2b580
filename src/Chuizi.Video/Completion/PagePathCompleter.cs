namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of an HTML page.</summary>
public sealed class PagePathCompleter() : PathCompleter(".html");
