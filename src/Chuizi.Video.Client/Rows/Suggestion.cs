namespace Chuizi.Video.Client.Rows;

/// <summary>A value that a line could go on with.</summary>
/// <param name="Value">What is typed for it.</param>
/// <param name="Note">What to know of it, in one line.</param>
internal sealed record Suggestion(string Value, string Note);
