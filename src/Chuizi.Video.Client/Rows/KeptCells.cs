using System.Globalization;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// The cells of a row, in little memory: a list may have hundreds of thousands of rows. Rows of one list share their names, and a text
/// that is repeated in the next row is kept once.
/// </summary>
internal class KeptCells
{
    private readonly string[] _names;
    private readonly object?[] _values;

    /// <summary>Keeps the cells of a row.</summary>
    /// <param name="names">The names of the columns, without repetition.</param>
    /// <param name="values">The value of each column: text, a number, a date or another value that does not change.</param>
    /// <param name="before">The row before it in the list, to share with; null for the first.</param>
    public KeptCells(IReadOnlyList<string> names, IReadOnlyList<object?> values, KeptCells? before = null)
    {
        _names = before is not null && before._names.SequenceEqual(names, StringComparer.Ordinal) ? before._names : [.. names];
        _values = [.. values];
        if (before is null || !ReferenceEquals(_names, before._names))
        {
            return;
        }

        for (int index = 0; index < _values.Length; index++)
        {
            if (_values[index] is string text && text.Equals(before._values[index]))
            {
                _values[index] = before._values[index];
            }
        }
    }

    /// <summary>A row without cells.</summary>
    public static KeptCells None { get; } = new([], []);

    /// <summary>The names and values, in the order of the columns.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Values => _names.Zip(_values, KeyValuePair.Create);

    /// <summary>The names and values as text, in the order of the columns. A missing value is empty text.</summary>
    public IEnumerable<KeyValuePair<string, string>> Texts => Values.Select(cell => KeyValuePair.Create(cell.Key, Text(cell.Value)));

    // A number with a fraction as PowerShell writes it.
    private static string Text(object? value) => value switch
    {
        double number => number.ToString("G15", CultureInfo.InvariantCulture),
        float number => number.ToString("G7", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
