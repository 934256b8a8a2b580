namespace Chuizi.Video.Client.Text;

/// <summary>Finds the known name closest to a mistyped one.</summary>
internal static class ClosestName
{
    /// <summary>
    /// The candidate with the fewest edits (insert, delete, replace, swap of neighbors; case is ignored) from <paramref name="name"/>, at
    /// most <paramref name="maximumEdits"/>; null if none is that close.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> candidates, int maximumEdits = int.MaxValue) =>
        candidates.Select(candidate => (candidate, edits: Edits(name, candidate)))
            .Where(pair => pair.edits <= maximumEdits)
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();

    private static int Edits(string left, string right)
    {
        left = left.ToUpperInvariant();
        right = right.ToUpperInvariant();
        // The last three rows of the optimal-string-alignment table.
        int[] beforeLast = new int[right.Length + 1];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] row = new int[right.Length + 1];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replace = left[i - 1] == right[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + replace);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[right.Length];
    }
}
