namespace Chuizi.Video.Client.Gallery;

/// <summary>A column of the rows by which a page can be filtered, with its values.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Values">The values in the order in which they occur, with the number of videos that have each.</param>
/// <param name="Blank">The number of videos without a value.</param>
internal sealed record FilterColumn(string Name, List<(string Text, int Count)> Values, int Blank);
