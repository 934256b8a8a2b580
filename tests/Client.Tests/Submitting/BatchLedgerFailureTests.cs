using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Api;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

/// <summary>Failures are recorded as not sent, rejected or unknown. A rerun never re-sends an unknown outcome by itself.</summary>
public sealed class BatchLedgerFailureTests : LedgerTest
{
    private readonly ConcurrentQueue<PlannedRow> _outcomes = new();

    public static TheoryData<string> Cases => [.. SubmitCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_outcome_is_recorded_and_a_rerun_is_not_billed_twice(string name)
    {
        SubmitCase expected = SubmitCase.All[name];
        SandboxServer server = Start();
        Array.ForEach(expected.Faults, server.Faults.Add);
        await RunAsync(server, Rows(1));
        LedgerEntry entry = Records.Read(LedgerPath).Entries.Single();
        entry.IsAnswered.ShouldBeTrue();
        string status = expected.Kind switch
        {
            null => VideoStatus.Processing,
            ChuiziErrorKind.SubmissionOutcomeUnknown => VideoStatus.Unknown,
            ChuiziErrorKind.RequestRejected or ChuiziErrorKind.ModelNotFound => VideoStatus.Failed,
            _ => VideoStatus.Skipped,
        };
        entry.Status.ShouldBe(status);
        entry.Id.ShouldBe(expected.Kind is null ? server.Jobs.Single().Id : null);
        entry.RequestId.ShouldBe(server.Requests.Last(request => request.Route == SandboxRoute.Submit).RequestId);
        (entry.Error?.Message is { Length: > 0 }).ShouldBe(expected.Kind is not null);

        // The rerun meets no faults.
        server.Faults.Clear();
        int jobs = server.Jobs.Count;
        await RunAsync(server, Rows(1));
        server.Jobs.Count.ShouldBe(status == VideoStatus.Skipped ? jobs + 1 : jobs);
        server.Jobs.Count.ShouldBeLessThanOrEqualTo(1);
        Records
            .Read(LedgerPath)
            .Find(Origin(server), "k-0")!
            .Status.ShouldBe(status == VideoStatus.Skipped ? VideoStatus.Processing : status);
    }

    [Theory]
    [InlineData(401, null, ChuiziErrorKind.InvalidApiKey)]
    [InlineData(402, null, ChuiziErrorKind.InsufficientBalance)]
    [InlineData(403, "ip_not_allowed", ChuiziErrorKind.AccessDenied)]
    [InlineData(403, "daily_limit_exceeded", ChuiziErrorKind.DailyLimitExceeded)]
    public async Task An_account_error_ends_the_batch_and_a_rerun_sends_the_remaining_rows(
        int status,
        string? code,
        ChuiziErrorKind kind)
    {
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Code = code, Skip = 2, Times = int.MaxValue });
        BatchSubmitter submitter = await RunAsync(server, Rows(6));
        submitter.End!.Kind.ShouldBe(kind);
        submitter.NotSent.Select(row => row.Position).ShouldBe([2, 3, 4, 5]);
        server.Requests.Count.ShouldBe(3);
        LedgerBook book = Records.Read(LedgerPath);
        book.Entries.Select(entry => entry.Status).ShouldBe([VideoStatus.Processing, VideoStatus.Processing, VideoStatus.Skipped]);

        server.Faults.Clear();
        await RunAsync(server, Rows(6));
        server.Jobs.Select(job => job.Prompt).ShouldBe([.. Enumerable.Range(0, 6).Select(index => $"Prompt {index}")]);
    }

    [Fact]
    public async Task A_model_that_is_not_allowed_fails_only_its_rows_and_unsent_rows_have_no_intent()
    {
        SandboxServer server = Start(new SandboxOptions { AllowedModels = [Records.Model] });
        PlannedRow[] rows =
        [
            .. Rows(6).Select(row => row.Position % 2 == 0 ? row : Submissions.Row(
                row.Number, new VideoRequest { Model = "google/veo-3.1", Prompt = "p" }, row.Key, position: row.Position)),
        ];
        BatchSubmitter submitter = await RunAsync(server, rows);
        submitter.End.ShouldBeNull();
        server.Jobs.Count.ShouldBe(3);
        _outcomes
            .Where(outcome => outcome.Failure?.Kind == ChuiziErrorKind.ModelNotAllowed)
            .Select(outcome => outcome.Position)
            .Order()
            .ShouldBe([1, 3, 5]);
        LedgerBook book = Records.Read(LedgerPath);
        book.Entries.Count(entry => entry.Status == VideoStatus.Skipped).ShouldBe(1);
        book.Entries.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Nothing_is_sent_if_the_file_is_not_a_ledger()
    {
        Home.Write("run.jsonl", "Prompt,Model\nA red kite,x\n"u8);
        SandboxServer server = Start();
        BatchSubmitter submitter = await RunAsync(server, Rows(5));
        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.InvalidLedger);
        submitter.NotSent.Select(row => row.Position).ShouldBe([0, 1, 2, 3, 4]);
        server.Requests.ShouldBeEmpty();
        _outcomes.ShouldBeEmpty();
        File.ReadAllText(LedgerPath).ShouldBe("Prompt,Model\nA red kite,x\n");
    }

    [Fact]
    public async Task A_ledger_that_fails_during_the_batch_ends_it_without_losing_an_id()
    {
        SandboxServer server = Start();
        // During the third request, the ledger is replaced by a folder, so that it cannot be written.
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Match = request =>
        {
            if (request.Body!.Contains("Prompt 2", StringComparison.Ordinal))
            {
                // A request is sent while the ids of those before it are being recorded.
                Eventually.Is(() => Records.Read(LedgerPath).Entries.Count(entry => entry.Id is not null) == 2, "the ids");
                File.Delete(LedgerPath);
                Directory.CreateDirectory(LedgerPath);
            }

            return false;
        } });
        BatchSubmitter submitter = await RunAsync(server, Rows(6));
        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        submitter.NotSent.Select(row => row.Position).ShouldBe([3, 4, 5]);
        server.Jobs.Count.ShouldBe(3);
        PlannedRow last = _outcomes.Single(outcome => outcome.Position == 2);
        last.State!.Id.ShouldBe(server.Jobs[2].Id);
        last.Unrecorded!.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        _outcomes.Where(outcome => outcome.Position < 2).ShouldAllBe(outcome => outcome.Unrecorded == null);
    }

    [Fact]
    public async Task Invalid_lines_of_another_process_do_not_lose_an_id()
    {
        SandboxServer server = Start();
        server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Slow,
                Match = request =>
                {
                    string line =
                        $$"""{"step":"settled","id":"vid-0","origin":"{{Origin(server)}}","status":"succeeded","latency_ms":{{long.MaxValue}}}""";
                    File.AppendAllText(LedgerPath, line + "\n");
                    return false;
                },
            });
        BatchSubmitter submitter = await RunAsync(server, Rows(2));
        submitter.End.ShouldBeNull();
        _outcomes.Select(outcome => outcome.State?.Id).ShouldBe(server.Jobs.Select(job => job.Id), ignoreOrder: true);
        _outcomes.ShouldAllBe(outcome => outcome.Unrecorded == null);
    }

    [Fact]
    public async Task An_unreachable_API_leaves_rows_that_were_provably_not_sent()
    {
        SandboxServer server = Start();
        await server.DisposeAsync();
        BatchSubmitter submitter = await RunAsync(server, Rows(3));
        submitter.End!.Kind.ShouldBe(ChuiziErrorKind.Unreachable);
        submitter.NotSent.Select(row => row.Position).ShouldBe([0, 1, 2]);
        Records.Read(LedgerPath).Entries.Single().Status.ShouldBe(VideoStatus.Skipped);
    }

    [Fact]
    public async Task A_deleted_image_fails_only_its_row()
    {
        string path = Home.Write("a.png", Images.Png(640, 480));
        VideoRequest request = new()
        {
            Model = "bailian/wan2.6-i2v",
            Prompt = "p",
            Image = MediaSource.Read("Image", path, Path.GetFullPath),
        };
        _ = request.Image.Content;
        File.Delete(path);
        SandboxServer server = Start();
        BatchSubmitter submitter = await RunAsync(server, [.. Rows(2), Submissions.Row(3, request, "k-2")]);
        submitter.End.ShouldBeNull();
        server.Jobs.Count.ShouldBe(2);
        LedgerEntry entry = Records.Read(LedgerPath).Find(Origin(server), "k-2").ShouldNotBeNull();
        (entry.Status, entry.IsAnswered).ShouldBe((VideoStatus.Failed, true));
        entry.Error!.Message!.ShouldContain("the image cannot be read");
    }

    private static string Origin(SandboxServer server) => server.BaseAddress.GetLeftPart(UriPartial.Authority);

    private static PlannedRow[] Rows(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(index => Submissions.Row(index + 1, Request($"Prompt {index}"), $"k-{index}", position: index)),
        ];

    private async Task<BatchSubmitter> RunAsync(SandboxServer server, PlannedRow[] rows)
    {
        SubmissionClaims claims = Submissions.Claims(Ledger, new SubmissionTerms { Origin = Origin(server), Deduplicates = true });
        ChuiziClient client = Connect(server, retries: SubmitCase.Retries, rateLimitRetries: SubmitCase.RateLimitRetries);
        BatchSubmitter submitter = new(client, 1, claims);
        await submitter.RunAsync(rows, _outcomes.Enqueue, CancellationToken.None);
        return submitter;
    }
}
