using System.Globalization;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Names the files of takes: <c>kite-1</c>, <c>kite-2</c>. A name that another video of the ledger or the list has gets the next free
/// number.
/// </summary>
internal sealed class TakeNames
{
    private readonly HashSet<string> _used;

    /// <summary>Collects the names that are used.</summary>
    /// <param name="rows">The list.</param>
    /// <param name="book">The content of the ledger; null if it is not read.</param>
    public TakeNames(IEnumerable<CheckedRow> rows, LedgerBook? book) => _used =
    [
        .. rows.Where(row => row.TakeCount is null or 1).Select(row => row.Request?.FileName)
            .Concat(book?.Entries.Where(entry => entry.Status != VideoStatus.Skipped).Select(entry => entry.FileName) ?? [])
            .OfType<string>().Select(Fold),
    ];

    /// <summary>The request of a take with the name for its file. A take that was submitted before keeps its name.</summary>
    /// <param name="row">The row.</param>
    /// <param name="request">The request of the take.</param>
    /// <param name="take">The number of the take, from 1.</param>
    /// <param name="entry">Its submission in the ledger; null if it was never submitted.</param>
    public VideoRequest Name(CheckedRow row, VideoRequest request, int take, LedgerEntry? entry)
    {
        if (entry is { FileName: not null, Status: not VideoStatus.Skipped })
        {
            return request with { FileName = entry.FileName };
        }

        for (int number = take; request.FileName is { } wanted; number++)
        {
            string name = row.NameOfTake?.Invoke(number) ?? Numbered(wanted, number);
            // A long name is cut, and a template may not change with the number. Save-ChuiziVideo then numbers the files.
            if (_used.Add(Fold(name)) || (row.NameOfTake is not null && Fold(name) == Fold(row.NameOfTake(number + 1))))
            {
                return request with { FileName = name };
            }
        }

        return request;
    }

    private static string Numbered(string name, int number)
    {
        string end = string.Create(CultureInfo.InvariantCulture, $"-{number}");
        int last = name.LastIndexOf('/') + 1;
        string stem = name.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) ? name[last..^4] : name[last..];
        return name[..last] + FileNames.Truncate(stem, FileNames.LongestName - end.Length) + end;
    }

    // As the file will be named. Folders are kept apart.
    private static string Fold(string name) =>
        string.Join('/', name.Split('/').Select(part => FileNames.Fold(FileNames.Safe(part))));
}
