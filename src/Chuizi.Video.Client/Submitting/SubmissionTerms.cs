namespace Chuizi.Video.Client.Submitting;

/// <summary>The user's choices: which rows to submit, and the most to spend.</summary>
internal sealed record SubmissionTerms
{
    /// <summary>The origin of the API.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether the ledger identifies rows, so that rows it records are not submitted again.</summary>
    public bool Deduplicates { get; init; }

    /// <summary>Whether rows whose outcome is unknown are submitted again.</summary>
    public bool Resubmit { get; init; }

    /// <summary>Whether rows that failed are submitted again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Whether rows get a new take if their takes were rejected or failed, and nothing else is submitted.</summary>
    public bool RetryRejected { get; init; }

    /// <summary>
    /// Whether the number of takes of a row is also that of its new takes with <see cref="RetryRejected"/>; otherwise there is one.
    /// </summary>
    public bool CountsRetakes { get; init; }

    /// <summary>The most takes of a row with <see cref="RetryRejected"/>; null for no limit.</summary>
    public int? MaxTake { get; init; }

    /// <summary>Whether the videos are saved in the same pipeline, so that a row is done when its file is saved.</summary>
    public bool Saves { get; init; }

    /// <summary>
    /// The spending limit in USD; null for no limit. If the ledger identifies rows, it covers all submissions in the ledger at this origin,
    /// otherwise only this run.
    /// </summary>
    public decimal? MaxCost { get; init; }

    /// <summary>The parameter or environment variable that sets <see cref="MaxCost"/>.</summary>
    public string MaxCostName { get; init; } = SpendingLimits.Parameter;

    /// <summary>The budget of the month for all processes of the machine; null for none.</summary>
    public MonthlyBudget? Budget { get; init; }

    /// <summary>
    /// Whether a row that would exceed a limit also stops the rows after it, so that no cheaper row is submitted in its place.
    /// </summary>
    public bool StopsAtLimit { get; init; }

    /// <summary>Whether a limit requires the price of every row.</summary>
    public bool RequiresPrices => MaxCost is not null || Budget is not null;

    /// <summary>The limits as the subject of a sentence, with its verb.</summary>
    public string LimitsRequire => (MaxCost, Budget) switch
    {
        (not null, not null) => $"{MaxCostName} and {SpendingLimits.MonthlyBudgetVariable} require",
        (null, not null) => $"{SpendingLimits.MonthlyBudgetVariable} requires",
        _ => $"{MaxCostName} requires",
    };
}
