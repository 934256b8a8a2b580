namespace Chuizi.Video.Client.Rows;

/// <summary>One value that tab completion offers.</summary>
/// <param name="Value">The text to insert.</param>
/// <param name="Note">A description on one line.</param>
internal sealed record CompletionItem(string Value, string Note);
