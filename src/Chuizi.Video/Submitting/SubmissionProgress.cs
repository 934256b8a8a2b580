using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Submitting;

/// <summary>The progress of New-ChuiziVideo while it submits, and its message for Ctrl+C.</summary>
/// <param name="submitter">Submits the rows.</param>
/// <param name="all">The number of rows to submit.</param>
/// <param name="plan">The plan.</param>
/// <param name="ledger">The path of the ledger; null for one in memory.</param>
/// <param name="output">What was emitted so far.</param>
internal sealed class SubmissionProgress(
    BatchSubmitter submitter, int all, SubmissionPlan plan, string? ledger, SubmissionOutput output)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The progress record. Use only on the pipeline thread.</summary>
    public ProgressRecord Describe(int activity)
    {
        const int FewEnded = 3;
        int ended = submitter.Ended;
        decimal cost = output.Cost;
        string money = plan.Terms.MaxCost is { } limit
            ? $", {DisplayText.Cost(plan.Spent + cost)} of {DisplayText.Cost(limit)} spent or committed"
            : cost > 0 ? $", about {DisplayText.Cost(cost)} so far"
            : "";
        int failed = output.Failed;
        int notSent = output.NotSent;
        string more =
            (failed > 0 ? $", {failed} failed" : "")
            + (notSent > 0 ? $", {notSent} not submitted" : "")
            + money
            + (submitter.HeldBackBy is { } waiting ? $"; {waiting}" : "");
        return new ProgressRecord(
            activity,
            "Submitting videos",
            string.Create(CultureInfo.CurrentCulture, $"{Math.Max(0, ended - failed - notSent)} of {all} submitted{more}"))
        {
            PercentComplete = ended * 100 / all,
            SecondsRemaining = ended >= FewEnded
                ? (int)Math.Ceiling(Stopwatch.GetElapsedTime(_start).TotalSeconds * (all - ended) / ended)
                : -1,
        };
    }

    /// <summary>
    /// The message for Ctrl+C; null if nothing was submitted. It does not depend on whether a submission is in progress at this moment:
    /// none is while the request limit delays them. Thread-safe.
    /// </summary>
    public string? DescribeStop()
    {
        int underWay = submitter.UnderWay;
        if (underWay == 0 && submitter.Ended == 0)
        {
            return null;
        }

        bool isOne = underWay == 1;
        string nothing = "No more rows will be submitted."
            + (underWay == 0 ? "" : isOne ? " 1 submission is in progress." : $" {underWay} submissions are in progress.");
        if (ledger is null)
        {
            return underWay == 0 ? nothing : $"{nothing} Without a ledger, {(isOne ? "its id" : "their ids")} will be lost.";
        }

        string ids = underWay == 0 ? "" : $" {(isOne ? "Its id" : "Their ids")} will be recorded in the ledger '{ledger}'.";
        string rest = plan.Rows.Any(row => row.Key is not null) ? " To submit the remaining rows, run the same command again." : "";
        return $"{nothing}{ids}{rest} To list the submitted videos, run: Get-ChuiziVideo -Ledger {PowerShellText.SingleQuote(ledger)}";
    }
}
