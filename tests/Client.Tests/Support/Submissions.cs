using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Creates planned rows and submission logs for tests that need no list.</summary>
internal static class Submissions
{
    /// <summary>A row to send.</summary>
    public static PlannedRow Row(int? number, VideoRequest request, string? key = null, decimal? estimate = null, int position = 0) =>
        new(position, new CheckedRow(number, request, [], []), key, estimate is { } cost ? new CostEstimate(cost) : null, default);

    /// <summary>A row to send, with a ledger key of its number.</summary>
    public static PlannedRow Row(int? number, decimal? estimate = null) =>
        Row(number, ClientTest.Request($"Prompt {number}"), $"k-{number}", estimate);

    /// <summary>A row as it is planned now, with a ledger key of its number.</summary>
    public static async Task<PlannedRow> PlanAsync(int number, VideoLedger ledger, SubmissionTerms terms)
    {
        string key = $"k-{number}";
        SubmissionDecision decision = await ledger.ReadAsync(book => SubmissionDecision.Of(terms, book, ledger, key));
        return new PlannedRow(0, new CheckedRow(number, ClientTest.Request($"Prompt {number}"), [], []), key, null, decision);
    }

    /// <summary>Rows to send, in order and without ledger keys.</summary>
    public static PlannedRow[] Rows(IEnumerable<VideoRequest> requests) =>
        [.. requests.Select((request, position) => Row(position + 1, request, position: position))];

    /// <summary>Claims in which submissions of unknown cost count as <paramref name="expected"/>.</summary>
    public static SubmissionClaims Claims(VideoLedger ledger, SubmissionTerms terms, decimal? expected = null) =>
        new(ledger, terms, new CostEstimator(terms.Origin, null, null, expected));

    /// <summary>Submits without recording anything.</summary>
    public static BatchSubmitter Submitter(ChuiziClient client, int throttleLimit, TimeSpan? deadline = null) =>
        new(client, throttleLimit, SubmissionClaims.InMemory(client.Connection.Origin)) { Deadline = deadline };

    /// <summary>Claims a row.</summary>
    public static async Task<Claim> TryClaimAsync(this SubmissionClaims claims, PlannedRow row) => new(row, await claims.ClaimAsync(row));

    /// <summary>Records that the API has accepted a claimed row.</summary>
    public static Task SubmittedAsync(this SubmissionClaims claims, Claim claim, VideoState state) =>
        claims.SubmittedAsync(claim.Intent!, state);

    /// <summary>Records the outcome of a claimed row.</summary>
    public static Task SettledAsync(this SubmissionClaims claims, Claim claim, ChuiziException? failure) =>
        claims.SettledAsync(claim.Intent!, failure);
}
