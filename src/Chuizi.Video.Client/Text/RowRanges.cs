using System.Globalization;

namespace Chuizi.Video.Client.Text;

/// <summary>Formats row numbers for a sentence.</summary>
internal static class RowRanges
{
    private const int MostRanges = 20;

    /// <summary>For example <c>row 7</c>, or <c>rows 3, 7-12 and 40</c>.</summary>
    public static string Describe(IEnumerable<int> rows)
    {
        List<(int First, int Last)> ranges = [];
        foreach (int row in rows.Distinct().Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == row - 1)
            {
                ranges[^1] = (ranges[^1].First, row);
            }
            else
            {
                ranges.Add((row, row));
            }
        }

        string[] named = [.. ranges.Select(range => range.First == range.Last
            ? range.First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}"))];
        if (named.Length > MostRanges)
        {
            int more = ranges.Skip(MostRanges).Sum(range => range.Last - range.First + 1);
            return string.Create(CultureInfo.InvariantCulture, $"rows {string.Join(", ", named[..MostRanges])} and {more} more");
        }

        return named.Length switch
        {
            0 => "no row",
            1 when ranges[0].First == ranges[0].Last => $"row {named[0]}",
            1 => $"rows {named[0]}",
            _ => $"rows {string.Join(", ", named[..^1])} and {named[^1]}",
        };
    }
}
