using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>Says what a call would do with each row of a plan, as objects. Looks up whether saved files still exist.</summary>
/// <param name="plan">The plan.</param>
internal sealed class PlanPreview(SubmissionPlan plan)
{
    private const string Send = "Send";
    private const string Skip = "Skip";
    private const string Invalid = "Invalid";
    private const string Unknown = "Unknown";
    private const string Failed = "Failed";
    private const string Wait = "Wait";
    private const string Save = "Save";
    private const string Done = "Done";

    private readonly HashSet<PlannedRow> _beyond = [];

    /// <summary>Whether the valid rows are submitted even if others are invalid.</summary>
    public bool SkipsInvalid { get; init; }

    /// <summary>The prompts of videos that were refused before.</summary>
    public RefusedPrompts Refused { get; init; } = new();

    /// <summary>
    /// Whether every row can be submitted or was: none is invalid, beyond a limit, or of unknown outcome, and every price that a limit
    /// requires is known. Call <see cref="Make"/> first.
    /// </summary>
    public bool IsFit => _beyond.Count == 0 && plan.UnknownPrices.Count == 0
        && plan.Rows.All(row => row.Errors.Count == 0 && row.Action != RowAction.IsUnknown);

    /// <summary>The rows that the call would submit; empty before <see cref="Make"/>.</summary>
    public IReadOnlyList<PlannedRow> Sent { get; private set; } = [];

    /// <summary>Says what happens to each row.</summary>
    public IReadOnlyList<VideoPlan> Make()
    {
        PlannedRow[] valid = [.. plan.Rows.Where(row => row is { Action: RowAction.Send, Errors.Count: 0 })];
        (decimal, decimal)[] limits =
        [
            .. plan.Terms.MaxCost is { } most ? [(most, plan.Spent)] : Array.Empty<(decimal, decimal)>(),
            .. plan.Terms.Budget is { } budget ? [(budget.Amount, plan.SpentThisMonth)] : Array.Empty<(decimal, decimal)>(),
        ];
        bool isBlocked = !SkipsInvalid && plan.Rows.Any(row => row.Errors.Count > 0);
        IReadOnlyList<PlannedRow> covered = plan.Covered(valid, limits);
        _beyond.UnionWith(valid.Except(covered));
        Sent = isBlocked || plan.UnknownPrices.Count > 0 ? [] : covered;
        HashSet<PlannedRow> sent = [.. Sent];
        return [.. plan.Rows.Select(row => Of(row, sent.Contains(row), isBlocked))];
    }

    private VideoPlan Of(PlannedRow row, bool isSent, bool isBlocked)
    {
        LedgerEntry? entry = row.Action == RowAction.Send ? null : row.Decision.Entry;
        (string action, string? problem, string? fix) = isSent ? (Send, Notice(row), null) : Explain(row, isBlocked);
        return new VideoPlan
        {
            Row = row.Number,
            Line = row.Checked.Line,
            Take = row.Take,
            Action = action,
            Model = Masked(row.Checked.Request?.Model),
            Prompt = Masked(row.Checked.Request?.Prompt),
            EstimatedCost = entry is null ? row.Estimate?.Amount : null,
            PriceSource = entry is null && row.Estimate is { } estimate ? estimate.Source : CostEstimate.None,
            Problem = Masked(problem),
            Fix = fix,
            Id = entry?.Id,
            Path = entry?.Path,
            Input = HoldsKey(row.Checked) ? null : row.Checked.Input,
        };
    }

    private static string? Masked(string? text) => text is null ? null : SecretRedactor.Mask(text);

    /// <summary>Whether a row has an API key, for which reason it is invalid. The plan must not carry the key on.</summary>
    private static bool HoldsKey(CheckedRow row) => row.Errors.Count > 0
        && (row.Columns.Texts.Any(cell => SecretRedactor.HoldsKey(cell.Value)) || SecretRedactor.HoldsKey(row.Input as string ?? "")
            || SecretRedactor.HoldsKey(row.Request?.Model ?? "") || SecretRedactor.HoldsKey(row.Request?.Prompt ?? ""));

    private (string Action, string? Problem, string? Fix) Explain(PlannedRow row, bool isBlocked) => row switch
    {
        { Errors: { Count: > 0 } errors } => (
            Invalid,
            Truncation.Middle(string.Join(" ", errors.Select(error => error.Message))),
            "Correct the row, or leave it out with -SkipInvalid."),
        { Action: RowAction.Send } when _beyond.Contains(row) && plan.UnknownPrices.Count == 0 => (
            Skip,
            $"{row.Estimate} would exceed a limit: {Limits()}.",
            "Raise the limit, or submit the row later."),
        { Action: RowAction.Send, Estimate: null } when plan.UnknownPrices.Count > 0 => (
            Invalid,
            $"The price of {CostEstimator.Describe(row.Request.Model, row.Request.Duration)} is unknown, and {plan.Terms.LimitsRequire} "
                + "the price of every row.",
            plan.Terms.Origin.Length == 0 ? "Run Connect-ChuiziVideo, or use -EstimatedCost." : "Use -EstimatedCost."),
        { Action: RowAction.Send } when isBlocked => (
            Skip, "Nothing is submitted while rows are invalid.", "Correct the invalid rows, or use -SkipInvalid."),
        { Action: RowAction.Send } => (Skip, $"Nothing is submitted. {string.Join(" ", plan.UnknownPrices)}", "Use -EstimatedCost."),
        { Action: RowAction.IsUnknown } => (
            Unknown,
            row.Decision.Entry!.ToUnknown().Message,
            "Look in the account whether it was billed. -Resubmit submits it again, and may pay twice."),
        { Action: RowAction.IsElsewhere } => (Wait, "Another run is making this video now.", null),
        { Action: RowAction.IsLeftOut } => (
            Skip, "-RetryRejected submits only new takes of rejected rows.", "Run the command without -RetryRejected."),
        { Decision.Entry: { Status: VideoStatus.Failed } entry } => (
            Failed, entry.Error?.Message ?? entry.Error?.Code, "-RetryFailed submits it again."),
        { Decision.Entry.Status: VideoStatus.Succeeded } => (
            row.Decision.Entry.Path is { } path && File.Exists(path) ? Done : Save, null, null),
        _ => (Wait, null, null),
    };

    private string Limits()
    {
        List<string> limits = [];
        if (plan.Terms.MaxCost is { } most)
        {
            limits.Add($"{DisplayText.Cost(plan.Spent)} of {plan.Terms.MaxCostName} {DisplayText.Cost(most)} is spent or committed");
        }

        if (plan.Terms.Budget is { } budget)
        {
            limits.Add(
                $"{DisplayText.Cost(plan.SpentThisMonth)} of the monthly budget of {DisplayText.Cost(budget.Amount)} is spent or "
                    + "committed");
        }

        return string.Join(", ", limits.Append("and the rows before it come first"));
    }

    /// <summary>What the user may want to know before the row is paid; null if nothing.</summary>
    private string? Notice(PlannedRow row)
    {
        string text = string.Join(
            " ", new[] { Refused.Find(row.Request.Prompt), plan.Prices.DescribeChange(row.Request.Model) }.OfType<string>());
        return text.Length > 0 ? text : null;
    }
}
