using System.Management.Automation;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// A row of plain values, from when it is read until somebody asks for the input of its video. An object of the engine needs more than a
/// kilobyte, so it is created again from the cells, unless the user still holds the original.
/// </summary>
internal sealed class KeptRow : KeptCells, IKeptInput
{
    private const int CustomObjectTypes = 2;

    private readonly WeakReference<PSObject> _original;

    private KeptRow(PSObject original, IReadOnlyList<string> names, IReadOnlyList<object?> values, KeptCells? before)
        : base(names, values, before) => _original = new WeakReference<PSObject>(original);

    /// <summary>Keeps the input of a video.</summary>
    /// <param name="input">A row, or anything else that is the input of a video.</param>
    /// <param name="before">The row before it in the list; null for the first.</param>
    /// <returns>A kept row; the input itself if it is not a row of plain values.</returns>
    public static object? Keep(object? input, KeptCells? before)
    {
        if (input is not PSObject { BaseObject: PSCustomObject, TypeNames.Count: CustomObjectTypes } row || !RowReader.IsCustomObject(row))
        {
            return input;
        }

        List<string> names = [];
        List<object?> values = [];
        foreach (PSMemberInfo member in RowReader.ToEnumerate(row).Members)
        {
            if (member is PSMethod)
            {
                continue;
            }

            if (member.GetType() != typeof(PSNoteProperty) || !IsPlain(member.Value))
            {
                return input;
            }

            names.Add(member.Name);
            values.Add(member.Value);
        }

        return new KeptRow(row, names, values, before);
    }

    /// <summary>An input as the user gave it, for an input that <see cref="Keep"/> returned.</summary>
    public static object? Restored(object? input) => input is KeptRow kept ? kept.Restore() : input;

    /// <summary>The object of the row if somebody still holds it, perhaps with changes; otherwise null.</summary>
    public PSObject? Original => _original.TryGetTarget(out PSObject? row) ? row : null;

    /// <inheritdoc/>
    public object Restore()
    {
        if (Original is not { } row)
        {
            row = new PSObject();
            foreach ((string name, object? value) in Values)
            {
                row.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
            }

            _original.SetTarget(row);
        }

        return row;
    }

    private static bool IsPlain(object? value) => value is null or string or bool or (ValueType and IFormattable);
}
