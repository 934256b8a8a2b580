using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The content of a ledger: the submissions, what they cost, and the prices seen. A line that is read twice does not change the amounts.
/// Not thread-safe.
/// </summary>
internal sealed class LedgerBook
{
    /// <summary>Limits the report of a large file that is entirely damaged.</summary>
    private const int MaxDamageReported = 100;

    private readonly Func<LedgerRecord, LedgerRecord?> _keep;
    private readonly bool _isForTotals;
    private readonly LedgerLineParser _parser;
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly List<LedgerEntry> _entries = [];
    private readonly LedgerEntryIndex _byName = new(LedgerTextField.Entry);
    private readonly LedgerRows _rows = new();
    private readonly LedgerEntryIndex _byId = new(LedgerTextField.Id, byOrigin: true);
    private readonly Dictionary<(string? Origin, string Id), LedgerReview> _reviews = [];
    private readonly LedgerEntryIndex _byFile = new(LedgerTextField.Path, comparison: PathComparer.Comparison);

    // The files of submissions that were saved to another file since.
    private readonly Dictionary<string, LedgerEntry> _formerFiles = new(PathComparer.Instance);
    private readonly Dictionary<string, string> _contents = new(PathComparer.Instance);
    private readonly Dictionary<string, SpentMoney> _spent = new(StringComparer.Ordinal);
    private readonly List<string> _damage = [];
    private int _damaged;
    private string? _lastDamage;

    /// <summary>Creates an empty book.</summary>
    /// <param name="keepsInputs">Whether entries keep their intents with all inputs.</param>
    public LedgerBook(bool keepsInputs = false) =>
        (_keep, _parser) = (intent => keepsInputs ? intent : null, new LedgerLineParser(keepsInputs));

    private LedgerBook(Func<LedgerRecord, LedgerRecord?> keep) =>
        (_keep, _isForTotals, _parser) = (keep, true, new LedgerLineParser(keepsInputs: true));

    /// <summary>
    /// Creates an empty book that only counts submissions and their amounts: without rows, prices, addresses and errors, because most of
    /// the time to read a large ledger goes to what is kept.
    /// </summary>
    /// <param name="keep">Returns what to keep of an intent, which may be the same object for several.</param>
    public static LedgerBook ForTotals(Func<LedgerRecord, LedgerRecord?> keep) => new(keep);

    /// <summary>All submissions, in the order of their first lines.</summary>
    public IReadOnlyCollection<LedgerEntry> Entries => _entries;

    /// <summary>The damaged lines of the file, each with its number.</summary>
    public IReadOnlyList<string> Damage => (_damaged - MaxDamageReported) switch
    {
        <= 0 => _damage,
        int more => [.. _damage, $"{DisplayText.Count(more, "more line")} {(more == 1 ? "is" : "are")} damaged."],
    };

    /// <summary>The damaged lines of the file just read, which the next call no longer returns, for a book of several files.</summary>
    internal IReadOnlyList<string> TakeDamage()
    {
        IReadOnlyList<string> damage = [.. Damage];
        _damage.Clear();
        (_damaged, _lastDamage) = (0, null);
        return damage;
    }

    /// <summary>The costs seen so far.</summary>
    public SeenPrices Prices { get; private set; } = new();

    /// <summary>The number of lines that were read as records.</summary>
    public int Records { get; private set; }

    /// <summary>
    /// The last submission of a row at an origin; null if it was never submitted. A withdrawn submission leaves the row as it was before:
    /// an unknown outcome stays unknown.
    /// </summary>
    public LedgerEntry? Find(string origin, string key) => _rows.Find(origin, key);

    /// <summary>The highest take of a row at an origin, from 1; 0 if the row was never submitted.</summary>
    public int HighestTake(string origin, string row) => _rows.HighestTake(origin, row);

    /// <summary>Whether the state of its row comes from another submission.</summary>
    public bool IsSuperseded(LedgerEntry entry) => entry is { Key: { } key, Origin: { } origin } && Find(origin, key) != entry;

    /// <summary>The submissions whose job has an id: one for each origin.</summary>
    public IEnumerable<LedgerEntry> OfId(string id) => _byId.FindAll(id);

    /// <summary>The content hash of a local image when it was last sent; null if it never was.</summary>
    public string? ContentOf(string path) => _contents.GetValueOrDefault(path);

    /// <summary>The id of the video that was saved to a path; null if none was.</summary>
    public string? OwnerOf(string path) => (_byFile.Find(path) ?? _formerFiles.GetValueOrDefault(path))?.Id;

    /// <summary>The money spent at an origin.</summary>
    public SpentMoney SpentAt(string origin)
    {
        if (!_spent.TryGetValue(origin, out SpentMoney? money))
        {
            _spent[origin] = money = new SpentMoney();
        }

        return money;
    }

    /// <summary>Whether the book has the submission that a line is about.</summary>
    internal bool Has(LedgerRecord record) =>
        (record.Entry is { } entry && _byName.Find(entry) is not null)
        || (record.Id is { } id && _byId.Find(id, record.Origin) is not null);

    /// <summary>Clears the book, because the file was replaced.</summary>
    internal void Clear()
    {
        _entries.Clear();
        _byName.Clear();
        _rows.Clear();
        _byId.Clear();
        _reviews.Clear();
        _byFile.Clear();
        _formerFiles.Clear();
        _contents.Clear();
        _spent.Clear();
        _texts.Clear();
        _damage.Clear();
        (_damaged, _lastDamage) = (0, null);
        Prices = new SeenPrices();
        Records = 0;
    }

    /// <summary>Applies a line of the file.</summary>
    internal void ApplyLine(int number, ReadOnlySpan<byte> text)
    {
        // Files that were concatenated may each start with a byte order mark.
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        while (text.Length > 0)
        {
            if (_parser.Parse(text) is { IsPossible: true } record)
            {
                Apply(record, number);
                return;
            }

            // The line was truncated, and another file was appended right after it. One line may contain several such parts.
            int next = text[1..].IndexOf(LedgerSerializer.Start) + 1;
            ReadOnlySpan<byte> part = next > 0 ? text[..next] : text;
            if (next > 0 && LedgerSerializer.Read(part) is { IsPossible: true } whole)
            {
                Apply(whole, number);
            }
            else
            {
                ApplyDamaged(number, part);
            }

            text = text[part.Length..];
        }
    }

    /// <summary>Reports a damaged line, and applies what can still be read, so that no row is submitted twice because of it.</summary>
    private void ApplyDamaged(int line, ReadOnlySpan<byte> text)
    {
        LedgerRecord? salvaged = LedgerSerializer.Salvage(text);
        Report(
            salvaged is null
                ? $"Line {line} is damaged and was skipped: "
                    + $"{ValueReader.Quote(System.Text.Encoding.UTF8.GetString(text[..Math.Min(text.Length, 200)]))}."
                : $"Line {line} ({salvaged.Step}) is damaged. The parts that can be read are used.");
        if (salvaged is not null)
        {
            Records++;
            ApplySalvaged(salvaged);
        }
    }

    private void Report(string damage)
    {
        // A last line without a line feed is read again each time.
        if (damage != _lastDamage && _damaged++ < MaxDamageReported)
        {
            _damage.Add(damage);
        }

        _lastDamage = damage;
    }

    private void ApplySalvaged(LedgerRecord salvaged)
    {
        if (EntryOf(salvaged) is { } entry)
        {
            Identify(entry, salvaged);
            if (salvaged.Step == LedgerStep.Submitted)
            {
                TakeSubmitted(entry, salvaged);
            }

            SpentAt(entry.Origin!).Count(entry);
        }
    }

    /// <summary>Applies a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="line">Its line number, for messages.</param>
    public void Apply(LedgerRecord record, int? line = null)
    {
        Records++;
        if (record.Step is LedgerStep.Alive or LedgerStep.Ended)
        {
            // These lines are about the run and not about a submission.
            return;
        }

        if (record.Step is LedgerStep.Repaired)
        {
            // Use the id from a truncated line. A truncated intent had not reached the disk, so its request was never sent.
            if (
                LedgerSerializer.Salvage(System.Text.Encoding.UTF8.GetBytes(record.Text ?? "")) is
                { Step: LedgerStep.Submitted, Id: not null } torn)
            {
                ApplySalvaged(torn);
            }

            return;
        }

        if (record.Step is LedgerStep.Reviewed)
        {
            if (record.Id is { } reviewed)
            {
                LedgerReview review = ReviewOf(record.Origin, reviewed);
                review.Apply(record);
                if (_byId.Find(reviewed, record.Origin) is { } known)
                {
                    known.Review = review;
                }
            }

            return;
        }

        if (record.Step is not (LedgerStep.Intent or LedgerStep.Submitted or LedgerStep.Settled or LedgerStep.Saved or LedgerStep.Taken))
        {
            Report(
                $"Line {line} has the step {ValueReader.Quote(record.Step)}, which this version does not support. The line was skipped.");
            return;
        }

        if (EntryOf(record) is not { } entry)
        {
            return;
        }

        Change(entry, record);
        if (entry.Origin is { } origin)
        {
            SpentAt(origin).Count(entry);
        }
    }

    /// <summary>Removes an intent that was applied but not stored, or returns a submission to the run that it was taken from.</summary>
    internal void Withdraw(LedgerRecord record)
    {
        if (record.Entry is not { } name || _byName.Find(name) is not { } entry)
        {
            return;
        }

        if (record.Step is LedgerStep.Taken)
        {
            entry.Run = entry.TakenFrom;
        }
        else if (record.Step is LedgerStep.Intent)
        {
            Records--;
            _entries.RemoveAt(_entries.LastIndexOf(entry));
            _byName.Remove(name, entry);
            _rows.Remove(entry);
            entry.Status = VideoStatus.Skipped;
            SpentAt(entry.Origin!).Count(entry);
        }
    }

    private LedgerEntry? EntryOf(LedgerRecord record)
    {
        LedgerEntry? entry = record.Entry is { } name ? _byName.Find(name) : null;
        entry ??= record.Id is { } id ? _byId.Find(id, record.Origin) ?? (record.Origin is null ? OnlyOne(id) : null) : null;
        // Jobs at different origins may have the same id.
        if (entry is null && (record.Entry ?? (record.Id is null ? null : $"{record.Origin} {record.Id}")) is { } made)
        {
            // Its first line is missing or damaged, or the job comes from another ledger.
            entry = new LedgerEntry { Entry = made, At = record.At, Origin = Shared(record.Origin) };
            _entries.Add(entry);
            _byName.Set(made, entry);
        }

        return entry;
    }

    /// <summary>The submission whose job has an id; null if jobs of several origins have it.</summary>
    private LedgerEntry? OnlyOne(string id) => _byId.FindAll(id) is [{ } only] ? only : null;

    private void Identify(LedgerEntry entry, LedgerRecord record)
    {
        entry.Origin ??= Shared(record.Origin);
        entry.Run ??= Shared(record.Run);
        entry.Model ??= Shared(record.Model);
        if (!entry.Has(LedgerTextField.Key) && RowOf(record) is { } key)
        {
            _rows.Add(entry, key);
        }

        if (record.Id is { } id && !entry.Has(LedgerTextField.Id))
        {
            entry.Id = id;
            _byId.Set(id, entry);
            entry.Review = _reviews.Count > 0 ? _reviews.GetValueOrDefault((entry.Origin, id)) : null;
        }
    }

    /// <summary>The review of a video. Its line may come before those of the submission if ledgers were merged.</summary>
    private LedgerReview ReviewOf(string? origin, string id) =>
        _reviews.TryGetValue((origin, id), out LedgerReview? review) ? review : _reviews[(origin, id)] = new LedgerReview();

    private string? RowOf(LedgerRecord record) =>
        _isForTotals ? null : _rows.KeyOf(record, record.Again is { } first ? _byName.Find(first) : null);

    /// <summary>The same object for equal texts, which many submissions have.</summary>
    private string? Shared(string? text)
    {
        if (text is null || _texts.Add(text))
        {
            return text;
        }

        return _texts.TryGetValue(text, out string? known) ? known : text;
    }

    private void Change(LedgerEntry entry, LedgerRecord record)
    {
        Identify(entry, record);
        switch (record.Step)
        {
            case LedgerStep.Intent:
                entry.At = record.At;
                entry.Row = record.Row;
                entry.Take = record.Take;
                entry.FileName = record.FileName;
                entry.Duration = record.Duration;
                entry.Resolution = record.Resolution;
                entry.Estimate = record.Estimate;
                entry.Intent = _keep(record);
                foreach ((string path, string content) in record.Files ?? [])
                {
                    _contents[path] = content;
                }

                break;
            case LedgerStep.Submitted:
                TakeSubmitted(entry, record);
                break;
            case LedgerStep.Settled:
                Settle(entry, record);
                break;
            case LedgerStep.Taken:
                (entry.TakenFrom, entry.Run) = (entry.Run, Shared(record.Run));
                break;
            default:
                Save(entry, record);
                break;
        }
    }

    private void Save(LedgerEntry entry, LedgerRecord record)
    {
        if (entry.Path is { } former && !PathComparer.Instance.Equals(former, record.Path) && _byFile.Find(former) == entry)
        {
            _byFile.Remove(former, entry);
            _formerFiles[former] = entry;
        }

        entry.Path = record.Path;
        entry.Size = record.Size;
        entry.Sha256 = record.Sha256;
        if (record.Path is { } file && entry.Has(LedgerTextField.Id))
        {
            _byFile.Set(file, entry);
        }
    }

    private static void TakeSubmitted(LedgerEntry entry, LedgerRecord record)
    {
        entry.IsAnswered = true;
        // Without an id the line is damaged: the API accepted the submission, but it cannot be polled.
        entry.Status = entry.Status == VideoStatus.Unknown && entry.Has(LedgerTextField.Id) ? VideoStatus.Processing : entry.Status;
        entry.Created = record.Created ?? (record.At == default ? entry.Created : record.At);
        entry.RequestId = record.RequestId ?? entry.RequestId;
        entry.IdSource = record.IdSource ?? entry.IdSource;
    }

    private void Settle(LedgerEntry entry, LedgerRecord record)
    {
        entry.IsAnswered = true;
        bool isKnown = record.Status is VideoStatus.Succeeded or VideoStatus.Failed or VideoStatus.Skipped;
        if (!isKnown && entry.Status is VideoStatus.Succeeded or VideoStatus.Failed)
        {
            // The line of a copy that was made before the outcome was known.
            return;
        }

        entry.Status = isKnown ? Shared(record.Status)! : VideoStatus.Unknown;
        entry.Cost = record.Cost ?? entry.Cost;
        if (_isForTotals)
        {
            return;
        }

        entry.Url = record.Url ?? entry.Url;
        entry.Latency = record.LatencyMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : entry.Latency;
        entry.Error = record.Error?.WithoutControls();
        entry.RequestId ??= record.RequestId;
        if (entry is { Status: VideoStatus.Succeeded, Origin: { } origin, Model: { } model, Cost: { } cost })
        {
            Prices.Add(origin, model, entry.Duration, entry.Resolution, cost, entry.At);
        }
    }
}
