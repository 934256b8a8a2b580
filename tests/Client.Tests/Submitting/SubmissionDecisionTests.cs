using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;
using static Chuizi.Video.Client.Submitting.RowAction;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionDecisionTests
{
    [Theory]
    // Status, answered, run alive; then the action by default, with -Resubmit, and with -RetryFailed.
    [InlineData(null, false, false, nameof(Send), nameof(Send), nameof(Send))]
    [InlineData(VideoStatus.Unknown, false, true, nameof(IsElsewhere), nameof(IsElsewhere), nameof(IsElsewhere))]
    [InlineData(VideoStatus.Unknown, false, false, nameof(IsUnknown), nameof(Send), nameof(IsUnknown))]
    [InlineData(VideoStatus.Unknown, true, false, nameof(IsUnknown), nameof(Send), nameof(IsUnknown))]
    [InlineData(VideoStatus.Unknown, true, true, nameof(IsUnknown), nameof(Send), nameof(IsUnknown))]
    [InlineData(VideoStatus.Skipped, true, false, nameof(Send), nameof(Send), nameof(Send))]
    [InlineData(VideoStatus.Skipped, true, true, nameof(Send), nameof(Send), nameof(Send))]
    [InlineData(VideoStatus.Failed, true, false, nameof(IsKnown), nameof(IsKnown), nameof(Send))]
    [InlineData(VideoStatus.Failed, true, true, nameof(IsKnown), nameof(IsKnown), nameof(Send))]
    [InlineData(VideoStatus.Processing, true, false, nameof(IsKnown), nameof(IsKnown), nameof(IsKnown))]
    [InlineData(VideoStatus.Processing, true, true, nameof(IsElsewhere), nameof(IsElsewhere), nameof(IsElsewhere))]
    [InlineData(VideoStatus.Succeeded, true, false, nameof(IsKnown), nameof(IsKnown), nameof(IsKnown))]
    [InlineData(VideoStatus.Succeeded, true, true, nameof(IsKnown), nameof(IsKnown), nameof(IsKnown))]
    public void The_action_depends_on_the_status_and_the_switches(
        string? status, bool isAnswered, bool isAlive, string plain, string resubmit, string retryFailed)
    {
        LedgerEntry? entry = status is null ? null : new LedgerEntry { Entry = "e", Status = status, IsAnswered = isAnswered, Run = "r" };
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true };
        Action(terms).ShouldBe(plain);
        Action(terms with { Resubmit = true }).ShouldBe(resubmit);
        Action(terms with { RetryFailed = true }).ShouldBe(retryFailed);
        Action(terms with { RetryFailed = true, Resubmit = true })
            .ShouldBe(resubmit == nameof(Send) || retryFailed == nameof(Send) ? nameof(Send) : plain);

        // Where videos are saved, one that its run has not saved yet is not done.
        bool isBeingSaved = status == VideoStatus.Succeeded && isAlive;
        Action(terms with { Saves = true }).ShouldBe(isBeingSaved ? nameof(IsElsewhere) : plain);

        string Action(SubmissionTerms under) => SubmissionDecision.ActionFor(under, entry, IsAlive, IsAlive).ToString();

        bool IsAlive(string? run)
        {
            run.ShouldBe("r");
            return isAlive;
        }
    }

    [Theory]
    [InlineData(VideoStatus.Failed, nameof(IsKnown))]
    [InlineData(VideoStatus.Unknown, nameof(IsUnknown))]
    [InlineData(VideoStatus.Skipped, nameof(Send))]
    public void A_submission_made_since_the_list_was_planned_is_not_repeated(string status, string action)
    {
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true, RetryFailed = true, Resubmit = true };
        foreach (string? before in new[] { null, VideoStatus.Failed, VideoStatus.Unknown })
        {
            LedgerBook book = before is null ? Records.Book()
                : Records.Book(Records.Intent("first", "k-1"), Records.Ended("first", before, key: "k-1"));
            PlannedRow row = Plan(book);
            Decide(book, row).ShouldBe(nameof(Send), "nothing has changed");

            book.Apply(Records.Intent("second", "k-1"));
            book.Apply(Records.Ended("second", status, key: "k-1"));
            Decide(book, row).ShouldBe(action, $"before: {before}");
            Decide(book, Plan(book)).ShouldBe(nameof(Send), "the user knew of it");
        }

        PlannedRow Plan(LedgerBook book) =>
            new(0, new CheckedRow(1, ClientTest.Request(), [], []), "k-1", null,
                SubmissionDecision.Of(terms, book, VideoLedger.InMemory(), "k-1"));

        string Decide(LedgerBook book, PlannedRow row) =>
            SubmissionDecision.Again(terms, book, VideoLedger.InMemory(), row, "run").Action.ToString();
    }
}
