using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Listing;

/// <summary>
/// The table of the groups of Measure-ChuiziVideo. A table view has fixed columns, but these depend on -By, so the view consists of lines.
/// </summary>
public static class SpendingReportTable
{
    /// <summary>The type name of a group, which has other properties than the total.</summary>
    internal const string GroupType = "Chuizi.Video.VideoSpending#By";

    private const int ColumnWidth = 8;
    private const int Widest = 36;

    private static readonly (string Name, int Width)[] s_keys =
        [(nameof(Video.Model), 14), ("Month", 7), ("Day", 10), (nameof(Video.Status), 10), (nameof(Video.Verdict), 8)];

    /// <summary>The line above the groups.</summary>
    public static string Header(PSObject group)
    {
        ArgumentNullException.ThrowIfNull(group);
        string[] names = [.. NamesOf(group)];
        return Line(names, names, ["Count", "Kept", "Cost", "Open", "CostPerKept"]);
    }

    /// <summary>The line of a group.</summary>
    public static string Row(PSObject group)
    {
        ArgumentNullException.ThrowIfNull(group);
        string[] names = [.. NamesOf(group)];
        (decimal open, int unpriced) = (Get<decimal>(group, "OpenEstimate"), Get<int>(group, "Unpriced"));
        return Line(
            names,
            [.. names.Select(name => KeyOf(group, name))],
            [
                Number(Get<int>(group, "Count")),
                Number(Get<int>(group, "Kept")),
                DisplayText.Cost(Get<decimal>(group, "Cost")),
                (open, unpriced) switch
                {
                    (0, 0) => "",
                    (0, _) => "unknown",
                    (_, 0) => DisplayText.Cost(open),
                    _ => $"{DisplayText.Cost(open)}+",
                },
                DisplayText.Cost(Get<decimal?>(group, "CostPerKept")),
            ]);
    }

    private static string Line(string[] names, string[] keys, string[] figures)
    {
        // The columns of the list share the room that the others leave.
        int room = Widest - names.Sum(name => FixedWidth(name) + 1);
        int flexible = names.Count(name => FixedWidth(name) == 0);
        IEnumerable<string> cells = keys.Zip(names, (key, name) =>
        {
            int width = FixedWidth(name) is > 0 and var known ? known : Math.Max(ColumnWidth, room / Math.Max(1, flexible));
            return (key.Length <= width ? key : Truncation.End(key, width - 1)).PadRight(width);
        });
        return string.Join(' ', cells.Append(
            $"{figures[0],5} {figures[1],5} {figures[2],9} {figures[3],9} {figures[4],11}"));
    }

    private static int FixedWidth(string name) =>
        Array.Find(s_keys, key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Width;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string KeyOf(PSObject group, string name)
    {
        string? value = Get<string>(group, name);
        return name == nameof(Video.Model) ? DisplayText.TableModel(value) : DisplayText.Line(value);
    }

    // Of a deserialized group, all properties are notes. Jobs and remoting add some.
    private static IEnumerable<string> NamesOf(PSObject group) => group.Properties
        .Where(property => property is PSNoteProperty && typeof(VideoSpending).GetProperty(property.Name) is null)
        .Select(property => property.Name)
        .Where(name => name is not ("PSComputerName" or "PSShowComputerName" or "RunspaceId"));

    private static T? Get<T>(PSObject group, string name) =>
        LanguagePrimitives.TryConvertTo(group.Properties[name]?.Value, CultureInfo.InvariantCulture, out T value) ? value : default;
}
