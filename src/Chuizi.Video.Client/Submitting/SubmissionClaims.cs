using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// Claims the rows of one run, and records the outcome of their submissions. A claim is the intent in the ledger, which is written under
/// its lock just before a row is sent, so that two runs never send the same row or exceed the spending limit together.
/// </summary>
internal sealed class SubmissionClaims : IDisposable
{
    private readonly VideoLedger _ledger;
    private readonly SubmissionTerms _terms;
    private readonly CostEstimator _prices;
    private readonly KnownLedgers? _known;
    private readonly LedgerRun _run;
    private readonly LedgerBook? _own;
    private ChuiziException? _stoppedBy;

    /// <summary>Creates the claims of a run.</summary>
    /// <param name="ledger">The ledger; one in memory if nothing is recorded.</param>
    /// <param name="terms">The user's choices.</param>
    /// <param name="prices">Estimates costs.</param>
    /// <param name="known">The list of all ledgers of this machine; null to add nothing to it.</param>
    /// <param name="machinesCounted">See <see cref="LedgerRun.MachinesCounted"/>.</param>
    public SubmissionClaims(
        VideoLedger ledger, SubmissionTerms terms, CostEstimator prices, KnownLedgers? known = null, Action<int>? machinesCounted = null)
    {
        _run = new LedgerRun { MachinesCounted = machinesCounted };
        _known = known;
        _ledger = ledger;
        _terms = terms;
        _prices = prices;
        if (terms is { MaxCost: not null, Deduplicates: false })
        {
            _ledger.Attach(_run.Name, _own = new LedgerBook());
        }
    }

    /// <summary>The run, which lives until its claims and the pipeline have ended.</summary>
    public LedgerRun Run => _run;

    /// <summary>The amount that counts against the spending limit, in USD.</summary>
    public decimal Spent { get; private set; }

    /// <summary>Whether rows must be claimed in the order of the list, so that a limit is spent as the plan says.</summary>
    public bool ClaimsInOrder => _terms.RequiresPrices;

    /// <summary>
    /// Whether a claim is in its place once it has begun, because the ledger decides in the order of the calls. The budget of the month is
    /// asked first, which takes its own time.
    /// </summary>
    public bool OrdersClaims => _terms.Budget is null;

    /// <summary>Claims that are not stored, for tests and benchmarks.</summary>
    /// <param name="origin">The origin of the API.</param>
    public static SubmissionClaims InMemory(string origin) =>
        new(VideoLedger.InMemory(), new SubmissionTerms { Origin = origin }, new CostEstimator(origin, null, null));

    /// <summary>
    /// Whether a row could be claimed now, so that its files are worth publishing. If not, updates the row as
    /// <see cref="ClaimAsync(PlannedRow)"/> does. Nothing is written.
    /// </summary>
    /// <exception cref="ChuiziException">LedgerUnavailable, InvalidLedger or BudgetUnavailable.</exception>
    public async Task<bool> CanClaimAsync(PlannedRow row)
    {
        if (_stoppedBy is not null)
        {
            row.Failure = _stoppedBy;
            return false;
        }

        if (_terms.Budget is { } budget && row.Estimate is { } cost)
        {
            decimal spent = await budget.SpentAsync().ConfigureAwait(false);
            if (spent + cost.Amount > budget.Amount)
            {
                row.Failure = OverBudget(row, budget, spent);
                return false;
            }
        }

        return (_terms is { Deduplicates: false, MaxCost: null })
            || await _ledger.ReadAsync(book => CanSend(row, new LedgerRecord(), book)).ConfigureAwait(false);
    }

    /// <summary>
    /// Decides whether a row may be sent, and updates its <see cref="PlannedRow.Decision"/> and <see cref="PlannedRow.Failure"/>.
    /// </summary>
    /// <returns>The intent, which the ledger has recorded; null if the row must not be sent.</returns>
    /// <exception cref="ChuiziException">LedgerUnavailable, InvalidLedger or BudgetUnavailable: the row must not be sent.</exception>
    public async Task<LedgerRecord?> ClaimAsync(PlannedRow row)
    {
        if (_ledger.Path is { } path)
        {
            _ledger.Hold(_run);
            _known?.Add(path);
        }

        LedgerRecord intent = IntentOf(row);
        if (_stoppedBy is not null)
        {
            row.Failure = _stoppedBy;
            return null;
        }

        if (_terms.Budget is { } budget)
        {
            // Reserved first, because a ledger can withdraw a claim only by writing it.
            row.Failure = await budget.ReserveAsync(intent).ConfigureAwait(false) is { } spent ? OverBudget(row, budget, spent) : null;
            if (row.Failure is not null)
            {
                return null;
            }
        }

        bool isClaimed = false;
        try
        {
            isClaimed = await ClaimAsync(row, intent).ConfigureAwait(false);
        }
        finally
        {
            if (!isClaimed && _terms.Budget is not null)
            {
                await _terms.Budget.RecordAsync(intent, SettledOf(intent, null)).ConfigureAwait(false);
            }
        }

        return isClaimed ? intent : null;
    }

    private Task<bool> ClaimAsync(PlannedRow row, LedgerRecord intent) => _ledger.DecideAsync<bool>(_terms.Deduplicates, book =>
    {
        // The decision is made again if others have written since, and their videos may have cost less than expected.
        _stoppedBy = ReferenceEquals(_stoppedBy, row.Failure) ? null : _stoppedBy;
        if (CanSend(row, intent, book))
        {
            return ([intent], true);
        }

        // Its run may have ended since the list was planned.
        bool isKnown = row is { Action: RowAction.IsKnown, Failure: null, Decision.Entry: not null };
        return (isKnown && ClaimOf(row).TakeLine(row.Decision.Entry!) is { } line ? [line] : [], false);
    });

    /// <summary>
    /// Continues with the submitted rows of runs that have ended, and updates what is known of those that a run elsewhere continues with.
    /// </summary>
    /// <param name="rows">The rows of the plan.</param>
    /// <returns>The number of rows that no other run works on.</returns>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger.</exception>
    public async Task<int> TakeAsync(IEnumerable<PlannedRow> rows)
    {
        (PlannedRow Row, ClaimedRow Claim)[] open =
        [
            .. rows.Where(row => row is { Action: RowAction.IsKnown, Key: not null, Decision.Entry: { Id: not null } entry }
                    && ClaimedRow.IsOpen(entry, _terms.Saves))
                .Select(row => (row, ClaimOf(row))),
        ];
        HashSet<ClaimedRow> taken = [.. await ClaimedRow.TakeAsync([.. open.Select(one => one.Claim)]).ConfigureAwait(false)];
        foreach ((PlannedRow row, _) in open.Where(one => !taken.Contains(one.Claim)))
        {
            row.Decision = row.Decision with { Action = RowAction.IsElsewhere };
        }

        return taken.Count;
    }

    /// <summary>The row in the ledger.</summary>
    public ClaimedRow ClaimOf(PlannedRow row) => new(_ledger, _terms.Origin, row.Key!, _run, _terms.Saves);

    /// <summary>
    /// Whether a row still belongs to this run, just before its request is sent. In a ledger that several machines share, a run that was
    /// paused looks dead; it first shows that it is alive.
    /// </summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: the request must not be sent.</exception>
    public async Task<bool> IsInEffectAsync(PlannedRow row, LedgerRecord intent)
    {
        bool isOwn = true;
        while (isOwn && !_ledger.IsInEffect(_run.Name))
        {
            isOwn = await _ledger.DecideAsync<bool>(_terms.Deduplicates, book =>
            {
                bool isLast = book is null || row.Key is not { } key || book.Find(_terms.Origin, key)?.Entry == intent.Entry;
                return (isLast ? [new LedgerRecord { Step = LedgerStep.Alive, Run = _run.Name }] : [], isLast);
            }).ConfigureAwait(false);
        }

        return isOwn;
    }

    /// <summary>Records that the API has accepted the submission.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: not recorded.</exception>
    public Task SubmittedAsync(LedgerRecord intent, VideoState state)
    {
        LedgerRecord record = About(intent, LedgerStep.Submitted);
        record.Id = state.Id;
        record.RequestId = state.RequestId;
        record.Created = state.Created;
        record.IdSource = state.IdSource;
        return RecordAsync(intent, record);
    }

    /// <summary>Records that the submission was rejected or withdrawn, or that its outcome is unknown.</summary>
    /// <param name="intent">The intent.</param>
    /// <param name="failure">The failure; null if withdrawn.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: not recorded.</exception>
    public Task SettledAsync(LedgerRecord intent, ChuiziException? failure) => RecordAsync(intent, SettledOf(intent, failure));

    /// <summary>Marks the run as one that sends nothing more. Requests may still be in progress.</summary>
    public void Stop() => _run.IsStopped = true;

    /// <summary>Ends the requests of the run, and the run itself unless the pipeline still uses it.</summary>
    public void Dispose()
    {
        _run.EndRequests();
        _run.Dispose();
        if (_own is not null)
        {
            _ledger.Detach(_own);
        }
    }

    private static LedgerRecord SettledOf(LedgerRecord intent, ChuiziException? failure)
    {
        LedgerRecord record = About(intent, LedgerStep.Settled);
        record.Status = failure is null ? VideoStatus.Skipped : PlannedRow.StatusOf(failure);
        record.Error = failure is null ? null : VideoError.From(failure);
        record.RequestId = failure?.RequestId;
        return record;
    }

    private async Task RecordAsync(LedgerRecord intent, LedgerRecord record)
    {
        Task budget = _terms.Budget?.RecordAsync(intent, record) ?? Task.CompletedTask;
        await _ledger.AppendAsync(record).ConfigureAwait(false);
        await budget.ConfigureAwait(false);
    }

    private bool CanSend(PlannedRow row, LedgerRecord intent, LedgerBook? book)
    {
        if (_terms.Deduplicates && row.RowKey is not null)
        {
            row.Decision = SubmissionDecision.Again(_terms, book!, _ledger, row, _run.Name);
            row.Failure = row.Action switch
            {
                RowAction.IsUnknown => row.Decision.Entry!.ToUnknown(),
                RowAction.IsLeftOut => new ChuiziException(
                    ChuiziErrorKind.SubmissionElsewhere,
                    "Another process has changed this row in the same ledger, so that it needs no new take."),
                _ => null,
            };
            if (row.Action != RowAction.Send)
            {
                return false;
            }

            intent.Again = row.Decision.Entry?.Entry;
        }

        row.Failure = OverLimit(row, book);
        return row.Failure is null;
    }

    /// <summary>CostLimitReached if the row, or one before it, would exceed the spending limit; null otherwise.</summary>
    private ChuiziException? OverLimit(PlannedRow row, LedgerBook? book)
    {
        if (_terms.MaxCost is not { } most)
        {
            return null;
        }

        SpentMoney spent = (_own ?? book)!.SpentAt(_terms.Origin);
        Spent = _prices.Total(spent);
        decimal cost = row.Estimate?.Amount ?? 0;
        // The plan has checked that all prices are known, but another run without a limit may have submitted at an unknown price since.
        string[] unpriced = [.. _prices.DescribeUnpriced(spent)];
        if (_stoppedBy is null && most > 0 && Spent + cost <= most && unpriced.Length == 0)
        {
            return null;
        }

        string limit = _terms.MaxCostName == SpendingLimits.Parameter ? "limit" : _terms.MaxCostName;
        string message =
            $"{Subject(row)} would cost {row.Estimate}, but {DisplayText.Cost(Spent)} of the {DisplayText.Cost(most)} {limit} is already "
                + "spent or committed to videos in progress.";
        return StopAt(new ChuiziException(ChuiziErrorKind.CostLimitReached, string.Join(" ", unpriced.Prepend(message))));
    }

    private ChuiziException OverBudget(PlannedRow row, MonthlyBudget budget, decimal spent) => StopAt(new ChuiziException(
        ChuiziErrorKind.BudgetReached,
        $"{Subject(row)} would cost {row.Estimate}, but {DisplayText.Cost(spent)} of the monthly budget of "
            + $"{DisplayText.Cost(budget.Amount)} ({SpendingLimits.MonthlyBudgetVariable}) is already spent or committed. The budget "
            + $"resets at {budget.Reset}."));

    private static string Subject(PlannedRow row) => row.Number is { } number ? $"Row {number}" : "The video";

    /// <summary>Remembers a failure that also stops the rows after it.</summary>
    private ChuiziException StopAt(ChuiziException failure)
    {
        if (_terms.StopsAtLimit)
        {
            _stoppedBy ??= failure;
        }

        return failure;
    }

    private LedgerRecord IntentOf(PlannedRow row)
    {
        VideoRequest request = row.Request;
        Dictionary<string, string> files = [];
        foreach (MediaSource image in _terms.Deduplicates ? request.LocalFiles : [])
        {
            files[image.Value] = image.Content;
        }

        return new LedgerRecord
        {
            Step = LedgerStep.Intent,
            Entry = _run.NextEntry(),
            Key = row.Key,
            Origin = _terms.Origin,
            Run = _run.Name,
            Row = row.Number,
            Take = row.Take,
            Columns = ColumnsOf(row),
            Model = request.Model,
            Prompt = request.Prompt,
            Duration = request.Duration,
            AspectRatio = request.AspectRatio,
            Resolution = request.Resolution,
            // Signatures give access to the files, so they are not recorded.
            Image = request.Image is { } source ? SecretRedactor.Mask(source.ToString()) : null,
            ReferenceImage = request.ReferenceImages.Count > 0
                ? [.. request.ReferenceImages.Select(image => SecretRedactor.Mask(image.ToString()))]
                : null,
            SourceVideo = request.SourceVideo is { } video ? SecretRedactor.Mask(video.ToString()) : null,
            Watermark = request.Watermark,
            Parameter = request.Parameters.Count > 0 ? JsonConversion.ToMaskedElement(request.Parameters) : null,
            Files = files.Count > 0 ? files : null,
            FileName = request.FileName,
            Estimate = row.Estimate?.Amount,
        };
    }

    /// <summary>The columns of the row. Signatures and keys in them are not recorded, and the prompt is not written twice.</summary>
    private static Dictionary<string, string?>? ColumnsOf(PlannedRow row)
    {
        Dictionary<string, string?> columns = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string text) in row.Checked.Columns.Texts)
        {
            columns.TryAdd(SecretRedactor.Mask(name), text == row.Request.Prompt ? null : SecretRedactor.Mask(text));
        }

        return columns.Count > 0 ? columns : null;
    }

    // Each line contains enough to identify the submission, in case another line is damaged.
    private static LedgerRecord About(LedgerRecord intent, string step) => new()
    {
        Step = step,
        Entry = intent.Entry,
        Key = intent.Key,
        Origin = intent.Origin,
        Run = intent.Run,
        Again = intent.Again,
        Model = intent.Model,
    };
}
