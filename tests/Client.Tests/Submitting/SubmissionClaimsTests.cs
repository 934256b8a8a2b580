using System.Collections.Specialized;
using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

public sealed class SubmissionClaimsTests : LedgerTest
{
    private static readonly SubmissionTerms s_terms = new() { Origin = Records.Api, Deduplicates = true };

    [Fact]
    public async Task An_intent_has_all_fields_of_its_row_and_is_on_disk_when_claimed()
    {
        string image = Home.Write("a.png", Images.Png(640, 480));
        VideoRequest request = new RowChecker()
            .Check(
                new()
                {
                    Row = 7,
                    Prompt = "p",
                    Model = "bailian/happyhorse-1.0-r2v",
                    Duration = 5,
                    ReferenceImage = $"{image};https://a/2.png",
                    AspectRatio = "9:16",
                    Resolution = "720P",
                })
            .Request!;
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        Claim claim = await log.TryClaimAsync(Submissions.Row(7, request, "1-k#1", 0.25m));
        claim.Action.ShouldBe(RowAction.Send);
        LedgerRecord intent = LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(Lines.Single())).ShouldNotBeNull();
        (intent.Step, intent.Entry, intent.Key, intent.Origin, intent.Run, intent.Row).ShouldBe(
            (LedgerStep.Intent, claim.Intent!.Entry, "1-k#1", Records.Api, claim.Intent.Run, 7));
        (intent.Model, intent.Prompt, intent.Duration, intent.AspectRatio, intent.Resolution, intent.Estimate).ShouldBe(
            ("bailian/happyhorse-1.0-r2v", "p", 5, "9:16", "720P", 0.25m));
        intent.ReferenceImage.ShouldBe([image, "https://a/2.png"]);
        intent.Files.ShouldNotBeNull().ShouldBe(new Dictionary<string, string> { [image] = request.ReferenceImages[0].Content });
    }

    [Fact]
    public async Task No_signature_or_token_of_an_input_is_recorded()
    {
        const string Secret = "s3cr3ts3cr3ts3cr3t";
        const string Signed = $"https://a/1.png?sv=2024&sig={Secret}";
        RowInput input = new()
        {
            Prompt = "p",
            Model = "bailian/happyhorse-1.0-r2v",
            ReferenceImage = Signed,
            Parameter = new OrderedDictionary { ["audio"] = new[] { Signed }, ["header"] = $"Authorization: Bearer {Secret}" },
        };
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        await log.ClaimAsync(Submissions.Row(1, new RowChecker().Check(input).Request!));
        string line = Lines.Single();
        line.ShouldNotContain(Secret);
        JsonElement fields = LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(line)).ShouldNotBeNull().Parameter!.Value;
        fields.GetRawText().ShouldBe("""{"audio":["https://a/1.png?sv=2024&sig=***"],"header":"Authorization: Bearer ***"}""");
    }

    [Fact]
    public async Task Each_outcome_line_identifies_submission_row_and_origin()
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        Claim taken = await log.TryClaimAsync(Submissions.Row(1));
        await log.SubmittedAsync(
            taken,
            new VideoState
            {
                Id = "vid-1",
                Status = VideoStatus.Processing,
                RequestId = "req-1",
                Created = Records.Noon,
            });
        Claim failed = await log.TryClaimAsync(Submissions.Row(2));
        await log.SettledAsync(
            failed,
            new ChuiziException(ChuiziErrorKind.RequestRejected, "No.")
            {
                Code = "validation_error",
                Type = "invalid_request_error",
                RequestId = "req-2",
            });
        Claim withdrawn = await log.TryClaimAsync(Submissions.Row(3));
        await log.SettledAsync(withdrawn, null);

        LedgerRecord[] lines = [.. Lines.Select(line => LedgerSerializer.Read(System.Text.Encoding.UTF8.GetBytes(line))!)];
        lines.Select(line => line.Step).ShouldBe(["intent", "submitted", "intent", "settled", "intent", "settled"]);
        lines.Select(line => line.Key).ShouldBe(["k-1", "k-1", "k-2", "k-2", "k-3", "k-3"]);
        lines.ShouldAllBe(line => line.Origin == Records.Api && line.Run == taken.Intent!.Run && line.Model == Records.Model);
        lines.Select(line => line.Entry).Distinct().Count().ShouldBe(3);
        (lines[1].Id, lines[1].RequestId, lines[1].Created).ShouldBe(("vid-1", "req-1", Records.Noon));
        (lines[3].Status, lines[3].Error!.Message, lines[3].Error!.Code, lines[3].RequestId).ShouldBe(
            (VideoStatus.Failed, "No.", "validation_error", "req-2"));
        (lines[5].Status, lines[5].Error).ShouldBe((VideoStatus.Skipped, null));
    }

    [Fact]
    public async Task Two_runs_over_the_same_rows_claim_each_once()
    {
        using SubmissionClaims one = Submissions.Claims(Ledger, s_terms);
        using SubmissionClaims other = Submissions.Claims(Stranger(), s_terms);
        Claim[] claims = await Task.WhenAll(
            Enumerable.Range(0, 400).Select(number => (number % 2 == 0 ? one : other).TryClaimAsync(Submissions.Row(number / 2))));
        foreach (Claim[] row in claims.Chunk(2))
        {
            row.Select(claim => claim.Action).Order().ShouldBe([RowAction.Send, RowAction.IsElsewhere]);
            row.Single(claim => claim.Intent is null).Entry!.Entry.ShouldBe(row.Single(claim => claim.Intent is not null).Intent!.Entry);
        }

        Lines.Length.ShouldBe(200);
    }

    [Fact]
    public async Task A_row_that_another_run_submitted_after_planning_belongs_to_it_until_it_ends()
    {
        SubmissionClaims one = Submissions.Claims(Ledger, s_terms);
        using SubmissionClaims other = Submissions.Claims(Stranger(), s_terms);
        await one.SubmittedAsync(await one.TryClaimAsync(Submissions.Row(1)), new VideoState { Id = "vid-1", Status = VideoStatus.Processing });
        Claim claim = await other.TryClaimAsync(Submissions.Row(1));
        (claim.Action, claim.Entry!.Id, claim.Intent).ShouldBe((RowAction.IsElsewhere, "vid-1", null));

        one.Dispose();
        claim = await other.TryClaimAsync(Submissions.Row(1));
        (claim.Action, claim.Entry!.Id, claim.Intent).ShouldBe((RowAction.IsKnown, "vid-1", null));
        claim.Entry.Run.ShouldBe(other.Run.Name, "it continues with the row");
        using SubmissionClaims third = Submissions.Claims(Stranger(), s_terms);
        (await third.TryClaimAsync(Submissions.Row(1))).Action.ShouldBe(RowAction.IsElsewhere);
    }

    [Theory]
    [InlineData(false, nameof(RowAction.IsUnknown))]
    [InlineData(true, nameof(RowAction.Send))]
    public async Task A_row_of_a_killed_run_is_re_sent_only_with_Resubmit(bool resubmit, string expected)
    {
        Write(Records.Intent("e", "k-1"));
        SubmissionTerms terms = s_terms with { Resubmit = resubmit };
        using SubmissionClaims log = Submissions.Claims(Ledger, terms);
        (await log.TryClaimAsync(await Submissions.PlanAsync(1, Ledger, terms))).Action.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task Without_deduplication_every_row_is_sent()
    {
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms with { Deduplicates = false });
        Claim[] claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => log.TryClaimAsync(Submissions.Row(null))));
        claims.ShouldAllBe(claim => claim.Action == RowAction.Send && claim.Intent != null);
        claims.Select(claim => claim.Intent!.Entry).Distinct().Count().ShouldBe(10);
        claims.ShouldAllBe(claim => claim.Intent!.Files == null);
    }

    [Fact]
    public async Task An_in_memory_ledger_needs_no_file()
    {
        using SubmissionClaims log = Submissions.Claims(VideoLedger.InMemory(), s_terms with { Deduplicates = false, MaxCost = 1 });
        (await log.TryClaimAsync(Submissions.Row(1, 0.6m))).Intent.ShouldNotBeNull();
        (await log.TryClaimAsync(Submissions.Row(2, 0.6m))).Refusal.ShouldNotBeNull();
        Home.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_lock_file_exists_before_the_first_intent_and_is_deleted_with_the_run()
    {
        using (SubmissionClaims log = Submissions.Claims(Ledger, s_terms))
        {
            Home.Names.ShouldBeEmpty("no row has been claimed");
            string run = (await log.TryClaimAsync(Submissions.Row(1))).Intent!.Run!;
            Home.Names.ShouldBe(["run.jsonl", $"run.jsonl.{run}.lock"]);
            await log.TryClaimAsync(Submissions.Row(2));
            Home.Names.Count().ShouldBe(2);
        }

        Home.Names.ShouldBe(["run.jsonl"]);
    }

    [Fact]
    public async Task Nothing_is_sent_if_the_lock_file_cannot_be_created()
    {
        string path = Path.Combine(Home.Write("file", [1]), "run.jsonl");
        using SubmissionClaims log = Submissions.Claims(VideoLedger.At(path), s_terms);
        (await ShouldBeUnavailableAsync(log.TryClaimAsync(Submissions.Row(1)))).Message.ShouldContain($"'{path}'");
    }

    [Fact]
    public async Task A_file_that_is_not_a_ledger_refuses_every_row()
    {
        Home.Write("run.jsonl", "Prompt,Model\nA red kite,x\n"u8);
        using SubmissionClaims log = Submissions.Claims(Ledger, s_terms);
        await ShouldFailAsync(log.TryClaimAsync(Submissions.Row(1)), ChuiziErrorKind.InvalidLedger);
        await ShouldFailAsync(log.TryClaimAsync(Submissions.Row(2)), ChuiziErrorKind.InvalidLedger);
        File.ReadAllText(LedgerPath).ShouldBe("Prompt,Model\nA red kite,x\n");
    }
}
