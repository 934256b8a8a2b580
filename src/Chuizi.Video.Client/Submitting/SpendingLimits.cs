using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>The spending limits that apply to a call. Those of the environment cannot be exceeded by any parameter.</summary>
/// <param name="MaxCost">
/// The most to spend in USD; null for no limit. If the ledger identifies rows, it covers all submissions in the ledger at the origin,
/// otherwise only this call.
/// </param>
/// <param name="MaxCostName">The parameter or environment variable that sets <paramref name="MaxCost"/>.</param>
/// <param name="MonthlyBudget">The most to spend at the origin in a calendar month (UTC), over all processes of the machine.</param>
internal sealed record SpendingLimits(decimal? MaxCost, string MaxCostName, decimal? MonthlyBudget)
{
    /// <summary>The environment variable with the scope of <c>-MaxCost</c>.</summary>
    public const string MaxCostVariable = "CHUIZI_MAX_COST";

    /// <summary>The environment variable with the budget of a month.</summary>
    public const string MonthlyBudgetVariable = "CHUIZI_MONTHLY_BUDGET";

    /// <summary>The parameter.</summary>
    public const string Parameter = "-MaxCost";

    /// <summary>The lower of <c>-MaxCost</c> and its environment variable, and the monthly budget.</summary>
    /// <param name="parameter">The value of <c>-MaxCost</c>; null if it is not specified.</param>
    /// <param name="variable">Returns the value of an environment variable.</param>
    /// <exception cref="ChuiziException">InvalidSetting: a variable is not an amount.</exception>
    public static SpendingLimits Of(decimal? parameter, Func<string, string?> variable)
    {
        decimal? most = Read(MaxCostVariable, variable);
        bool isLower = most < parameter || (most is not null && parameter is null);
        return new SpendingLimits(
            isLower ? most : parameter,
            isLower ? MaxCostVariable : Parameter,
            Read(MonthlyBudgetVariable, variable));
    }

    /// <summary>Reads an amount in USD with a decimal point, whatever the user's culture.</summary>
    private static decimal? Read(string name, Func<string, string?> variable)
    {
        if (variable(name)?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
            && amount <= Json.HighestAmount
            ? amount
            : throw new ChuiziException(
                ChuiziErrorKind.InvalidSetting,
                $"The environment variable {name} is '{Truncation.End(TerminalText.OneLine(text), 40)}', which is not an amount in USD. "
                    + "Use digits and at most one decimal point, such as 200 or 19.50. Nothing was submitted.");
    }
}
