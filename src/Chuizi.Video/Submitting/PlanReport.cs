using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Submitting;

/// <summary>
/// The warnings, the errors and the confirmation of New-ChuiziVideo before anything is submitted. Use only on the pipeline thread.
/// </summary>
internal sealed class PlanReport(VideoCmdlet cmdlet, string? ledger, SubmissionPlan plan)
{
    private const int MaxRowsReported = 20;
    private const int MaxColumnsNamed = 12;

    /// <summary>Reports problems in the rows to submit; true if the valid rows may be submitted.</summary>
    public bool WriteProblems(bool skipsInvalid)
    {
        WriteWarnings();
        PlannedRow[] bad = [.. plan.Rows.Where(row => row.Errors.Count > 0)];
        string fate = skipsInvalid ? "The row is skipped." : "Nothing was submitted.";
        foreach (PlannedRow row in bad.Take(MaxRowsReported))
        {
            string issues = Truncation.Middle(string.Join(" ", row.Errors.Select(issue => issue.Message)));
            Refuse(row.Number, $"{Where(row)}{issues} {fate}");
        }

        if (bad.Length > MaxRowsReported)
        {
            string rest = RowRanges.Describe(bad.Skip(MaxRowsReported).Select(row => row.Number).OfType<int>());
            Refuse(
                null,
                $"{bad.Length - MaxRowsReported} more rows are invalid: {rest}. "
                    + $"{(skipsInvalid ? "These rows are skipped." : "Nothing was submitted.")}");
        }

        foreach (string price in plan.UnknownPrices)
        {
            cmdlet.Errors.Write(
                ErrorRecords.From(
                    new ChuiziException(
                        ChuiziErrorKind.UnknownPrice,
                        $"{price} {plan.Terms.LimitsRequire} a known price for every row. Nothing was submitted.")));
        }

        bool isFit = (skipsInvalid || bad.Length == 0) && plan.UnknownPrices.Count == 0;
        if (isFit || plan.Rows.Any(row => row.Action != RowAction.Send))
        {
            // Counted in the summary beside the videos that are emitted, these rows show that another run would not help.
            IEnumerable<FailureReason> problems = bad.Select(row => new FailureReason("InvalidInput", row.Errors[0].Message))
                .Concat(plan.UnknownPrices.Select(price => new FailureReason(nameof(ChuiziErrorKind.UnknownPrice), price)));
            foreach (FailureReason problem in problems)
            {
                cmdlet.Outlet.Drop(problem);
            }
        }

        return isFit;

        void Refuse(int? row, string message)
        {
            if (skipsInvalid)
            {
                cmdlet.WriteWarning(message);
            }
            else
            {
                cmdlet.Errors.Write(ErrorRecords.Make("InvalidInput", ErrorCategory.InvalidData, row, message));
            }
        }
    }

    /// <summary>Writes the warnings about the ledger, and about the rows to submit.</summary>
    public void WriteWarnings()
    {
        if (plan.AtMaxTake is { Count: > 0 } full)
        {
            cmdlet.WriteWarning($"Rejected, but at -MaxTake {plan.Terms.MaxTake} already: {RowRanges.Describe(full)}.");
        }

        foreach (string damage in plan.Damage)
        {
            cmdlet.WriteWarning($"The ledger '{ledger}': {damage}");
        }

        foreach (
            string warning in SubmissionText.DescribeIssues(
                plan.Rows.Where(row => row.Action == RowAction.Send).SelectMany(row => row.Checked.Warnings)))
        {
            cmdlet.WriteWarning(SecretRedactor.Mask(warning));
        }
    }

    /// <summary>Calls ShouldProcess for all rows before anything is submitted, and returns the confirmed ones; with -WhatIf all.</summary>
    /// <param name="unused">The columns of the list that nothing uses.</param>
    public PlannedRow[] Confirm(IReadOnlyList<string> unused)
    {
        bool countsMoney = plan.Terms.RequiresPrices || cmdlet.IsWhatIf || cmdlet.IsConfirming;
        PlannedRow[] rows =
        [
            .. plan.Rows.Where(row => row is { Action: RowAction.Send, Errors.Count: 0 })
                .Where(row => cmdlet.ShouldProcess(Describe(row, countsMoney), "Submit video (billed)") || cmdlet.IsWhatIf),
        ];
        if (cmdlet.IsWhatIf)
        {
            string more = unused.Count > MaxColumnsNamed ? $" and {unused.Count - MaxColumnsNamed} more" : "";
            string columns = unused.Count == 0
                ? ""
                : $" Columns that are not used: {string.Join(", ", unused.Take(MaxColumnsNamed).Select(name => $"'{name}'"))}{more}.";
            _ = cmdlet.ShouldProcess(SubmissionText.Describe(plan, rows) + columns, "", "");
        }

        return rows;
    }

    private static string Describe(PlannedRow row, bool countsMoney)
    {
        VideoRequest request = row.Request;
        string length = request.Duration is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", {seconds} s") : "";
        string cost = !countsMoney ? "" : row.Estimate is { } estimate ? $", {estimate}" : ", price unknown";
        string?[] media =
        [
            request.Image is { } image ? $", image {NameOf(image)}" : null,
            .. request.ReferenceImages.Select(reference => $", reference {NameOf(reference)}"),
            request.SourceVideo is { } video ? $", video {NameOf(video)}" : null,
            row.Take is not null && request.Seed is { } seed ? $", seed {seed}" : null,
            request.FileName is { } name ? $", file name {ErrorRecords.Quote(name)}" : null,
        ];
        return $"{Where(row)}{ErrorRecords.Quote(request.Prompt)} with {request.Model}{length}{string.Concat(media)}{cost}";
    }

    /// <summary>The last part of the path or URL of a medium, which tells it from the others of a list.</summary>
    private static string NameOf(MediaSource medium)
    {
        string text = medium.ToString();
        string path = Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && !url.IsFile ? url.AbsolutePath : text;
        return text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            ? "(data URL)"
            : SecretRedactor.Mask(ErrorRecords.Quote(Path.GetFileName(path) is { Length: > 0 } name ? name : path));
    }

    /// <summary>A prefix with the number of the row and, if they are known, its line and the model that tells it from others.</summary>
    public static string Where(PlannedRow row)
    {
        string?[] parts =
        [
            row.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"Row {number}") : null,
            row.Checked.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : null,
            row.Take is { } take ? string.Create(CultureInfo.InvariantCulture, $"{(row.Number is null ? "Take" : "take")} {take}") : null,
            row.Checked.Variant,
        ];
        string where = string.Join(", ", parts.OfType<string>());
        return where.Length > 0 ? $"{where}: " : "";
    }
}
