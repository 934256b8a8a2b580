using System.Collections;
using System.Globalization;
using System.Reflection;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>Adds up what submissions cost, in groups. A job that is added twice counts once. Not thread-safe.</summary>
/// <param name="by">
/// What to group by: names of <see cref="Keys"/>, or of columns of the rows, or of properties of a video, in any case.
/// </param>
/// <param name="after">The earliest submission time to count, UTC; null for all.</param>
/// <param name="before">The end of the submission times to count, UTC; null for all.</param>
internal sealed class SpendingReport(IReadOnlyList<string> by, DateTime? after = null, DateTime? before = null)
{
    private const string Month = "Month";
    private const string Day = "Day";
    private const int MostNamed = 10;
    private const int MostEdits = 2;

    /// <summary>The values of a video itself, which a column of the same name does not replace: a list may be an earlier export.</summary>
    private static readonly string[] s_own = [nameof(Video.Model), nameof(Video.Status), nameof(Video.Verdict), nameof(Video.Rating),
        nameof(Video.Take)];

    private static readonly Dictionary<string, PropertyInfo> s_properties = typeof(Video).GetProperties()
        .Where(property => property.PropertyType == typeof(string) || property.PropertyType.IsValueType)
        .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<object, Submission> _submissions = [];
    private readonly HashSet<string> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string?[], LedgerRecord> _kept = new(KeyComparer.Instance);
    private readonly bool[] _isFound = [.. by.Select(name => IsKey(name) || s_properties.ContainsKey(name))];

    /// <summary>The names to group by that stand for a value of the video, and not for a column of its row.</summary>
    public static IReadOnlyList<string> Keys { get; } = [nameof(Video.Model), Month, Day, nameof(Video.Status), nameof(Video.Verdict)];

    /// <summary>Whether the columns of the rows matter.</summary>
    public bool NeedsColumns { get; } = !by.All(IsKey);

    /// <summary>
    /// What the report needs of an intent, for <see cref="LedgerListing.ReadSubmissions"/>: nothing, its columns to group by, which many
    /// submissions share, or, where a property of the video may replace a column, everything.
    /// </summary>
    public LedgerRecord? Keep(LedgerRecord intent)
    {
        if (!NeedsColumns || by.Any(name => !IsKey(name) && s_properties.ContainsKey(name)))
        {
            return NeedsColumns ? intent : null;
        }

        string?[] values = new string?[by.Count];
        for (int index = 0; index < values.Length && intent.Columns is not null; index++)
        {
            values[index] = !IsKey(by[index]) && ColumnOf(index, intent.Columns, out object? text) ? (string?)text ?? intent.Prompt : null;
        }

        return _kept.TryGetValue(values, out LedgerRecord? known)
            ? known
            : _kept[values] = new LedgerRecord
            {
                Columns = new(by.Zip(values, KeyValuePair.Create).Where(column => column.Value is not null)),
            };
    }

    /// <summary>Adds a submission. A video that is added again, or in a later state, replaces what is known about it.</summary>
    /// <param name="video">The submission.</param>
    /// <param name="columns">The columns of its row.</param>
    public void Add(Video video, IDictionary columns)
    {
        DateTime? time = video.Created is { } at && at != default ? at.Kind == DateTimeKind.Local ? at.ToUniversalTime() : at : null;
        string?[] keys = new string?[by.Count];
        for (int index = 0; index < keys.Length; index++)
        {
            keys[index] = Text(KeyOf(index, video, columns));
        }

        Submission added = new(
            video.Id ?? (video.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $"row {row}") : "one without an id"),
            video.Status,
            Amount(video.Cost),
            Amount(video.EstimatedCost),
            video.Duration,
            video.Verdict,
            time,
            keys);
        object identity = video.Id is { } id ? (video.Origin, id) : video;
        _submissions[identity] = _submissions.TryGetValue(identity, out Submission? known) ? known.Then(added) : added;
    }

    /// <summary>
    /// The groups, in the order of their keys, those without a value last. Without names to group by, there is one group, which may be
    /// empty.
    /// </summary>
    /// <param name="warn">Receives what the amounts do not contain.</param>
    public IReadOnlyList<(IReadOnlyList<string?> Keys, VideoSpending Spending)> Total(Action<string> warn)
    {
        Dictionary<string?[], VideoSpending> groups = new(KeyComparer.Instance);
        if (by.Count == 0)
        {
            groups[[]] = new VideoSpending();
        }

        List<string> unpriced = [];
        int undated = 0;
        foreach (Submission submission in _submissions.Values.Where(one => one.Status != VideoStatus.Skipped))
        {
            if (submission.Time is null && (after ?? before) is not null)
            {
                undated++;
            }
            else if (!(submission.Time < after) && !(submission.Time >= before))
            {
                AddTime(submission);
                if (!groups.TryGetValue(submission.Keys, out VideoSpending? group))
                {
                    groups[submission.Keys] = group = new VideoSpending();
                }

                if (!Count(group, submission))
                {
                    unpriced.Add(submission.Label);
                }
            }
        }

        Warn(warn, unpriced, undated);
        return [.. groups.OrderBy(group => group.Key, KeyComparer.Instance).Select(group => (group.Key, group.Value))];
    }

    private static bool IsKey(string name) => Keys.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Counts a submission; false if it has no amount.</summary>
    private static bool Count(VideoSpending group, Submission submission)
    {
        group.Count++;
        group.Kept += submission.Verdict == VideoVerdict.Kept ? 1 : 0;
        group.Rejected += submission.Verdict == VideoVerdict.Rejected ? 1 : 0;
        switch (submission.Status)
        {
            case VideoStatus.Succeeded:
                group.Succeeded++;
                group.Seconds += submission.Seconds ?? 0;
                group.SecondsUnknown += submission.Seconds is null ? 1 : 0;
                break;
            case VideoStatus.Failed:
                group.Failed++;
                break;
            case VideoStatus.Unknown:
                group.Unknown++;
                break;
            default:
                group.Open++;
                break;
        }

        if (submission.Cost is { } cost)
        {
            group.Cost += cost;
        }
        else if (submission.Status != VideoStatus.Failed)
        {
            group.OpenEstimate += submission.Estimate ?? 0;
            group.Unpriced += submission.Estimate is null ? 1 : 0;
            return submission.Estimate is not null;
        }

        return true;
    }

    /// <summary>An amount that is possible. Others could overflow the sum; they count as unknown.</summary>
    private static decimal? Amount(decimal? amount) => amount is >= 0 and <= Json.HighestAmount ? amount : null;

    private static string? Text(object? value)
    {
        string? text = value is IEnumerable list and not string
            ? string.Join(';', list.Cast<object?>().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)))
            : Convert.ToString(value, CultureInfo.InvariantCulture);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Sets the month and the day, which depend on all reports about the job.</summary>
    private void AddTime(Submission submission)
    {
        for (int index = 0; index < by.Count; index++)
        {
            string? format = Is(by[index], Month) ? "yyyy-MM" : Is(by[index], Day) ? "yyyy-MM-dd" : null;
            submission.Keys[index] = format is null
                ? submission.Keys[index]
                : submission.Time?.ToString(format, CultureInfo.InvariantCulture);
        }
    }

    private object? KeyOf(int index, Video video, IDictionary columns)
    {
        string name = by[index];
        if (Is(name, Month) || Is(name, Day))
        {
            return null;
        }

        object? own = s_properties.GetValueOrDefault(name)?.GetValue(video);
        return !s_own.Contains(name, StringComparer.OrdinalIgnoreCase) && ColumnOf(index, columns, out object? value)
            ? Text(value) ?? own
            : own;
    }

    private bool ColumnOf(int index, IDictionary columns, out object? value)
    {
        value = null;
        if (columns.Contains(by[index]))
        {
            value = columns[by[index]];
            return _isFound[index] = true;
        }

        foreach (string column in columns.Keys)
        {
            if (Is(column, by[index]))
            {
                value = columns[column];
                return _isFound[index] = true;
            }

            _columns.Add(column);
        }

        return false;
    }

    private void Warn(Action<string> warn, List<string> unpriced, int undated)
    {
        foreach (string name in by.Where((_, index) => !_isFound[index] && _submissions.Count > 0))
        {
            string? near = ClosestName.Of(name, _columns, MostEdits);
            warn($"No submission has a column '{name}'.{(near is null ? "" : $" Did you mean '{near}'?")}");
        }

        if (undated > 0)
        {
            warn($"Not counted: {Submissions(undated)} whose time is not known.");
        }

        if (unpriced.Count > 0)
        {
            string more = unpriced.Count > MostNamed ? $" and {unpriced.Count - MostNamed} more" : "";
            warn($"{Submissions(unpriced.Count)} with neither a known cost nor an estimate: no amount includes "
                + $"{string.Join(", ", unpriced.Take(MostNamed))}{more}.");
        }
    }

    private static string Submissions(int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "submission" : "submissions")}");

    /// <summary>What is counted of a submission.</summary>
    private sealed record Submission(
        string Label, string Status, decimal? Cost, decimal? Estimate, int? Seconds, string? Verdict, DateTime? Time, string?[] Keys)
    {
        /// <summary>What is known after another report about the same job. A finished job does not go back to an earlier state.</summary>
        public Submission Then(Submission later)
        {
            (Submission newer, Submission older) = IsDone && !later.IsDone ? (this, later) : (later, this);
            return newer with
            {
                Cost = newer.Cost ?? older.Cost,
                Estimate = newer.Estimate ?? older.Estimate,
                Seconds = newer.Seconds ?? older.Seconds,
                Verdict = newer.Verdict ?? older.Verdict,
                // The line of an outcome alone has only the time of the outcome.
                Time = newer.Time > older.Time ? older.Time : newer.Time ?? older.Time,
                Keys = [.. newer.Keys.Zip(older.Keys, (mine, others) => mine ?? others)],
            };
        }

        private bool IsDone => Status is VideoStatus.Succeeded or VideoStatus.Failed;
    }

    /// <summary>Compares the keys of groups, regardless of case, as Group-Object does. A missing one comes last.</summary>
    private sealed class KeyComparer : IEqualityComparer<string?[]>, IComparer<string?[]>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(string?[]? x, string?[]? y) => x.AsSpan().SequenceEqual(y, StringComparer.OrdinalIgnoreCase);

        public int GetHashCode(string?[] keys)
        {
            HashCode hash = default;
            foreach (string? key in keys)
            {
                hash.Add(key, StringComparer.OrdinalIgnoreCase);
            }

            return hash.ToHashCode();
        }

        public int Compare(string?[]? x, string?[]? y) => x!.Zip(y!, CompareKeys).FirstOrDefault(order => order != 0);

        private static int CompareKeys(string? one, string? other) =>
            one is null || other is null ? (one is null).CompareTo(other is null) : StringComparer.OrdinalIgnoreCase.Compare(one, other);
    }
}
