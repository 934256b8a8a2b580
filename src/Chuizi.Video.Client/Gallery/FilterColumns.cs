using System.Collections;
using System.Globalization;

namespace Chuizi.Video.Client.Gallery;

/// <summary>
/// The columns by which a page can be filtered and grouped, at most 24: those with few, but at least two, different values, at least one of
/// which several videos share. A missing value counts as one of them. The other columns can be searched.
/// </summary>
internal sealed class FilterColumns
{
    private const int MostColumns = 24;
    private const int MostValues = 40;
    private const int LongestValue = 100;

    // Every card shows these, and the search of the page finds them. The model has a filter of its own.
    private static readonly string[] s_excluded = ["Prompt", "Model", "FileName"];

    private readonly List<FilterColumn> _columns = [];

    /// <summary>Reads the columns of all videos.</summary>
    public FilterColumns(IReadOnlyList<GalleryItem> items)
    {
        IEnumerable<string> names = items.SelectMany(item => item.Columns.Keys.Cast<object>())
            .Select(key => key.ToString() ?? "")
            .Where(name => !string.IsNullOrWhiteSpace(name) && !s_excluded.Contains(name, StringComparer.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (_columns.Count < MostColumns && Read(name, items) is { } column)
            {
                _columns.Add(column);
            }
        }
    }

    /// <summary>The columns, in the order in which they occur.</summary>
    public IReadOnlyList<FilterColumn> All => _columns;

    /// <summary>For each column, the number of the video's value, from 0; <c>-</c> for none.</summary>
    public string ValuesOf(GalleryItem item) => string.Join(' ', _columns.Select(column =>
        column.Values.FindIndex(value => value.Text == TextOf(item, column.Name)) is >= 0 and { } number
            ? number.ToString(CultureInfo.InvariantCulture)
            : "-"));

    private static FilterColumn? Read(string name, IReadOnlyList<GalleryItem> items)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        int blank = 0;
        foreach (GalleryItem item in items)
        {
            string text = TextOf(item, name);
            if (text.Length == 0)
            {
                blank++;
            }
            else if (text.Length > LongestValue)
            {
                return null;
            }
            else
            {
                counts[text] = counts.GetValueOrDefault(text) + 1;
            }
        }

        bool isUseful = counts.Count <= MostValues && counts.Count + Math.Min(blank, 1) is > 1 and { } different && different < items.Count;
        return isUseful ? new FilterColumn(name, [.. counts.Select(pair => (pair.Key, pair.Value))], blank) : null;
    }

    private static string TextOf(GalleryItem item, string name)
    {
        foreach (DictionaryEntry entry in item.Columns)
        {
            if (name.Equals(entry.Key.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return Html.Clean(GalleryText.Value(entry.Value)).Trim();
            }
        }

        return "";
    }
}
