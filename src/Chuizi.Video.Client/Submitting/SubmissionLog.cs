using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>
/// What one run writes of its submissions: that a request is about to leave, and what became of it. Whether it may leave is decided
/// under the ledger's lock: two runs never send one row, nor spend more than the ceiling together.
/// </summary>
public sealed class SubmissionLog : IDisposable
{
    private readonly VideoLedger _ledger;
    private readonly SubmissionTerms _terms;
    private readonly LedgerRun _run = new();
    private readonly LedgerBook? _own;

    /// <summary>The log of a run that begins.</summary>
    public SubmissionLog(VideoLedger ledger, SubmissionTerms terms)
    {
        _ledger = ledger;
        _terms = terms;
        if (terms is { MaxCost: not null, Deduplicates: false })
        {
            _ledger.Attach(_run.Name, _own = new LedgerBook());
        }
    }

    /// <summary>What counts against the ceiling, in USD.</summary>
    public decimal Spent { get; private set; }

    /// <summary>Asks whether a row may be sent; where it may, its intent is on the disk when the task ends.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable or InvalidLedger: it must not be sent.</exception>
    public async Task<Claim> ClaimAsync(Submission submission)
    {
        if (_ledger.Path is { } path)
        {
            try
            {
                lock (_run)
                {
                    _run.Hold(path);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ChuiziException(ChuiziErrorKind.LedgerUnavailable, $"Beside the ledger '{path}' no file can be written: {exception.Message}", exception);
            }
        }

        LedgerRecord intent = Intent(submission);
        return await _ledger.DecideAsync(_terms.Deduplicates, book => Decide(submission, intent, book)).ConfigureAwait(false);
    }

    /// <summary>The API has taken it.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: it is not recorded.</exception>
    public Task TakenAsync(Claim claim, VideoState state)
    {
        LedgerRecord record = About(claim, LedgerStep.Submitted);
        record.Id = state.Id;
        record.RequestId = state.RequestId;
        record.Created = state.Created;
        return _ledger.AppendAsync(record);
    }

    /// <summary>It was refused or withdrawn, or nobody knows; null for withdrawn.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: it is not recorded.</exception>
    public Task EndedAsync(Claim claim, ChuiziException? failure)
    {
        LedgerRecord record = About(claim, LedgerStep.Settled);
        record.Status = failure is null ? VideoStatus.Skipped : SubmitOutcome.StatusOf(failure);
        record.Error = failure is null ? null : SubmitOutcome.ErrorOf(failure);
        record.RequestId = failure?.RequestId;
        return _ledger.AppendAsync(record);
    }

    /// <summary>The run sends no more; requests may be under way.</summary>
    public void Stop() => _run.IsStopped = true;

    /// <summary>The run sends no more, and all that it sent is answered.</summary>
    public void Dispose()
    {
        _run.Dispose();
        if (_own is not null)
        {
            _ledger.Detach(_own);
        }
    }

    private (IReadOnlyList<LedgerRecord> Records, Claim Claim) Decide(Submission submission, LedgerRecord intent, LedgerBook? book)
    {
        if (_terms.Deduplicates && submission.Key is { } key)
        {
            LedgerEntry? entry = book!.Find(_terms.Origin, key);
            RowAction action = _terms.ActionFor(entry, run => _ledger.Path is { } path && LedgerRun.IsAlive(path, run));
            if (action != RowAction.Send)
            {
                return ([], new Claim(action, entry, null));
            }

            intent.Again = entry?.Entry;
        }

        if (_terms.MaxCost is { } most)
        {
            SpentMoney spent = (_own ?? book)!.SpentAt(_terms.Origin);
            Spent = spent.Total(_terms.Estimate);
            // The plan has seen to it that all prices are known; another run without a ceiling may have sent at an unknown one since.
            string[] unpriced = [.. SubmissionPlan.Unpriced(spent.Unpriced, _terms)];
            if (Spent + (submission.Estimate ?? 0) > most || unpriced.Length > 0)
            {
                string message = $"{(submission.Row is { } row ? $"Row {row}" : "It")} would cost {VideoFormat.Cost(submission.Estimate ?? 0)}, and {VideoFormat.Cost(Spent)} of {VideoFormat.Cost(most)} are spent or under way."
                    + string.Concat(unpriced.Select(sentence => " " + sentence));
                return ([], new Claim(RowAction.Send, null, null) { Refusal = new ChuiziException(ChuiziErrorKind.CostLimitReached, message) });
            }
        }

        return ([intent], new Claim(RowAction.Send, null, intent));
    }

    private LedgerRecord Intent(Submission submission)
    {
        VideoRequest request = submission.Request;
        Dictionary<string, string> files = [];
        foreach (ImageSource image in _terms.Deduplicates ? request.Images.Where(image => image.IsFile) : [])
        {
            files[image.Value] = image.Content;
        }

        return new LedgerRecord
        {
            Step = LedgerStep.Intent,
            Entry = _run.NextEntry(),
            Key = submission.Key,
            Origin = _terms.Origin,
            Run = _run.Name,
            Row = submission.Row,
            Model = request.Model,
            Prompt = request.Prompt,
            Duration = request.Duration,
            AspectRatio = request.AspectRatio,
            Resolution = request.Resolution,
            Image = request.Image?.ToString(),
            ReferenceImage = request.ReferenceImages.Count > 0 ? [.. request.ReferenceImages.Select(image => image.ToString())] : null,
            SourceVideo = request.SourceVideo?.AbsoluteUri,
            Watermark = request.Watermark,
            Parameter = request.Parameters.Count > 0 ? JsonValue.ToElement(request.Parameters) : null,
            Files = files.Count > 0 ? files : null,
            FileName = submission.FileName,
            Estimate = submission.Estimate,
        };
    }

    // Enough in each line to tell what it is about, should another be damaged.
    private static LedgerRecord About(Claim claim, string step) => new()
    {
        Step = step,
        Entry = claim.Intent!.Entry,
        Key = claim.Intent.Key,
        Origin = claim.Intent.Origin,
        Run = claim.Intent.Run,
        Again = claim.Intent.Again,
        Model = claim.Intent.Model,
    };
}
