namespace Chuizi.Video.Client.Rows;

/// <summary>A completion for a command line.</summary>
/// <param name="Value">The text to insert.</param>
/// <param name="Note">A description on one line.</param>
internal sealed record CompletionItem(string Value, string Note);
