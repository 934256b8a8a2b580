using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionTermsTests
{
    [Theory]
    // Status, answered, run alive: as it is; with -Resubmit; with -RetryFailed.
    [InlineData(null, false, false, RowAction.Send, RowAction.Send, RowAction.Send)]
    [InlineData(VideoStatus.Unknown, false, true, RowAction.IsElsewhere, RowAction.IsElsewhere, RowAction.IsElsewhere)]
    [InlineData(VideoStatus.Unknown, false, false, RowAction.IsUnknown, RowAction.Send, RowAction.IsUnknown)]
    [InlineData(VideoStatus.Unknown, true, false, RowAction.IsUnknown, RowAction.Send, RowAction.IsUnknown)]
    [InlineData(VideoStatus.Unknown, true, true, RowAction.IsUnknown, RowAction.Send, RowAction.IsUnknown)]
    [InlineData(VideoStatus.Skipped, true, false, RowAction.Send, RowAction.Send, RowAction.Send)]
    [InlineData(VideoStatus.Skipped, true, true, RowAction.Send, RowAction.Send, RowAction.Send)]
    [InlineData(VideoStatus.Failed, true, false, RowAction.IsKnown, RowAction.IsKnown, RowAction.Send)]
    [InlineData(VideoStatus.Failed, true, true, RowAction.IsKnown, RowAction.IsKnown, RowAction.Send)]
    [InlineData(VideoStatus.Processing, true, false, RowAction.IsKnown, RowAction.IsKnown, RowAction.IsKnown)]
    [InlineData(VideoStatus.Processing, true, true, RowAction.IsKnown, RowAction.IsKnown, RowAction.IsKnown)]
    [InlineData(VideoStatus.Succeeded, true, false, RowAction.IsKnown, RowAction.IsKnown, RowAction.IsKnown)]
    [InlineData(VideoStatus.Succeeded, true, true, RowAction.IsKnown, RowAction.IsKnown, RowAction.IsKnown)]
    public void What_becomes_of_a_row_that_the_ledger_knows(string? status, bool isAnswered, bool isAlive, RowAction plain, RowAction resubmit, RowAction retryFailed)
    {
        LedgerEntry? entry = status is null ? null : new LedgerEntry { Entry = "e", Status = status, IsAnswered = isAnswered, Run = "r" };
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true };
        terms.ActionFor(entry, IsAlive).ShouldBe(plain);
        (terms with { Resubmit = true }).ActionFor(entry, IsAlive).ShouldBe(resubmit);
        (terms with { RetryFailed = true }).ActionFor(entry, IsAlive).ShouldBe(retryFailed);
        (terms with { RetryFailed = true, Resubmit = true }).ActionFor(entry, IsAlive)
            .ShouldBe(resubmit == RowAction.Send || retryFailed == RowAction.Send ? RowAction.Send : plain);

        bool IsAlive(string? run)
        {
            run.ShouldBe("r");
            return isAlive;
        }
    }
}
