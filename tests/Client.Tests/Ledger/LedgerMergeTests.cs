using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>The ledgers of several runs, concatenated, form the ledger of all their rows: no row is mistaken for another.</summary>
public sealed class LedgerMergeTests
{
    private static readonly string[] s_ends = ["processing", "succeeded", "failed", "unknown", "unanswered", "withdrawn"];

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Every_row_of_every_shard_is_found_even_among_equal_rows() =>
        await Gen.Select(
                Gen.Int[1, 3],
                Gen.OneOf(s_ends),
                Gen.OneOf(s_ends),
                Gen.Bool,
                (text, end, secondEnd, again) => (text, end, secondEnd, again))
            .Array[0, 6]
            .Array[1, 4]
            .SampleAsync(
                async shards =>
                {
                    List<string> merged = [];
                    Dictionary<int, int> taken = [];
                    int number = 0;
                    foreach ((int text, string end, string secondEnd, bool again)[] shard in shards)
                    {
                        using TempFolder folder = new();
                        string path = folder.Of("run.jsonl");
                        Dictionary<int, int> seen = [];
                        List<(string Key, string End)> second = [];
                        using (
                            SubmissionClaims claims = Submissions.Claims(
                                VideoLedger.At(path),
                                new SubmissionTerms { Origin = Records.Api, Deduplicates = true }))
                        {
                            foreach ((int text, string end, string secondEnd, bool again) in shard)
                            {
                                seen[text] = seen.GetValueOrDefault(text) + 1;
                                string key = RowKey.Of($"1-{text}", seen[text]);
                                await SendAsync(claims, key, end, $"vid-{++number}");
                                if (again)
                                {
                                    second.Add((key, secondEnd));
                                }
                            }
                        }

                        using (
                            SubmissionClaims claims = Submissions.Claims(
                                VideoLedger.At(path),
                                new SubmissionTerms
                                {
                                    Origin = Records.Api,
                                    Deduplicates = true,
                                    RetryFailed = true,
                                    Resubmit = true,
                                }))
                        {
                            foreach ((string key, string end) in second)
                            {
                                await SendAsync(claims, key, end, $"vid-{++number}");
                            }
                        }

                        merged.AddRange(File.Exists(path) ? File.ReadAllLines(path) : []);
                        LedgerBook own = new();
                        foreach ((int text, int count) in seen)
                        {
                            if (File.Exists(path))
                            {
                                own.Clear();
                                LedgerStore.At(path).Read(own.ApplyLine);
                            }

                            taken[text] =
                                taken.GetValueOrDefault(text)
                                + Enumerable
                                    .Range(1, count)
                                    .Count(occurrence =>
                                        own.Find(Records.Api, RowKey.Of($"1-{text}", occurrence)) is { Status: not VideoStatus.Skipped });
                        }
                    }

                    using TempFolder home = new();
                    string whole = home.Of("all.jsonl");
                    File.WriteAllLines(whole, merged);
                    LedgerBook book = new();
                    LedgerStore.At(whole).Read(book.ApplyLine);
                    book.Damage.ShouldBeEmpty();
                    foreach (IGrouping<int, int> alike in shards.SelectMany(shard => shard.Select(row => row.text)).GroupBy(text => text))
                    {
                        // One run over the whole list counts equal rows together. A withdrawn row may be found or not: it is sent.
                        LedgerEntry?[] found =
                        [
                            .. Enumerable
                                .Range(1, alike.Count() + 1)
                                .Select(occurrence => book.Find(Records.Api, RowKey.Of($"1-{alike.Key}", occurrence))),
                        ];
                        found[^1].ShouldBeNull();
                        found
                            .Where(entry => entry is { Status: not VideoStatus.Skipped })
                            .Distinct()
                            .Count()
                            .ShouldBe(taken.GetValueOrDefault(alike.Key));
                    }

                    // Every submission that no later attempt replaced is listed, each id once.
                    string[] ids = [.. LedgerListing.Read(whole, out _).Select(listed => listed.Video.Id).OfType<string>()];
                    ids.ShouldBeUnique();
                    book.Entries.Where(entry => entry.Id is not null && entry.Status is VideoStatus.Processing or VideoStatus.Succeeded)
                        .Select(entry => entry.Id!)
                        .Except(ids)
                        .ShouldBeEmpty();
                },
                iter: 60);

    [Fact]
    public void A_row_skipped_in_one_ledger_and_submitted_in_another_counts_as_submitted()
    {
        LedgerRecord[] here = [Records.Intent("e-1", "1-a#1"), Records.Ended("e-1", VideoStatus.Skipped, key: "1-a#1")];
        LedgerRecord[] there = [Records.Intent("e-2", "1-a#1"), Records.Submitted("e-2", "vid-2", "1-a#1")];

        Records.Book([.. here, .. there]).Find(Records.Api, "1-a#1")!.Id.ShouldBe("vid-2");
        Records.Book([.. there, .. here]).Find(Records.Api, "1-a#1")!.Id.ShouldBe("vid-2");
    }

    [Fact]
    public void Re_submissions_in_two_copies_of_a_ledger_are_two_rows()
    {
        LedgerRecord[] copy = [Records.Intent("e-1", "1-a#1"), Records.Ended("e-1", VideoStatus.Unknown, key: "1-a#1")];
        LedgerBook book = Records.Book([
            .. copy,
            Records.Intent("e-2", "1-a#1", again: "e-1"),
            Records.Submitted("e-2", "vid-2", "1-a#1"),
            .. copy,
            Records.Intent("e-3", "1-a#1", again: "e-1"),
            Records.Submitted("e-3", "vid-3", "1-a#1"),
        ]);

        (book.Find(Records.Api, "1-a#1")!.Id, book.Find(Records.Api, "1-a#2")!.Id).ShouldBe(("vid-2", "vid-3"));
    }

    [Fact]
    public void An_incomplete_line_joined_with_the_next_file_is_read_as_two_lines()
    {
        LedgerBook book = Records.Book(Records.Intent("e-1", "1-a#1"));
        string torn = Records.Text(Records.Submitted("e-1", "vid-1", "1-a#1")).TrimEnd()[..^20];
        book.ApplyLine(2, System.Text.Encoding.UTF8.GetBytes(torn + "\uFEFF" + Records.Text(Records.Intent("e-2", "1-a#1")).TrimEnd()));
        book.ApplyLine(
            3,
            System.Text.Encoding.UTF8.GetBytes("\uFEFF" + Records.Text(Records.Submitted("e-2", "vid-2", "1-a#1")).TrimEnd()));

        book.Damage.Count.ShouldBe(1);
        (book.Find(Records.Api, "1-a#1")!.Id, book.Find(Records.Api, "1-a#2")!.Id).ShouldBe(("vid-1", "vid-2"));
    }

    [Fact]
    public void A_ledger_included_twice_counts_once()
    {
        LedgerRecord[] shard = [Records.Intent("e-1", "1-a#1", 0.5m), Records.Submitted("e-1", "vid-1", "1-a#1")];
        LedgerBook book = Records.Book([.. shard, .. shard]);

        book.Entries.Count.ShouldBe(1);
        book.Find(Records.Api, "1-a#2").ShouldBeNull();
        book.SpentAt(Records.Api).Total(_ => null).ShouldBe(0.5m);
    }

    [Fact]
    public void The_same_row_of_another_origin_is_separate()
    {
        LedgerBook book = Records.Book(Records.Intent("e-1", "1-a#1"), Records.Intent("e-2", "1-a#1", origin: "https://other.example"));

        book.Find("https://other.example", "1-a#1")!.Entry.ShouldBe("e-2");
    }

    [Theory]
    [InlineData("intent", true)]
    [InlineData("submitted", true)]
    [InlineData("intent", false)]
    public void A_damaged_line_of_one_ledger_does_not_hide_a_row_of_another(string damaged, bool isSubmitted)
    {
        LedgerRecord[] first = [Records.Intent("e-1", "1-a#1"), Records.Submitted("e-1", "vid-1", "1-a#1")];
        LedgerRecord[] second = [Records.Intent("e-2", "1-a#1"), Records.Submitted("e-2", "vid-2", "1-a#1")];
        LedgerBook book = Records.Book(first);
        foreach (LedgerRecord record in second.Take(isSubmitted ? 2 : 1))
        {
            string line = Records.Text(record).TrimEnd();
            book.ApplyLine(9, System.Text.Encoding.UTF8.GetBytes(record.Step == damaged ? line[..^5] : line));
        }

        (book.Find(Records.Api, "1-a#1")!.Id, book.Find(Records.Api, "1-a#2")!.Id).ShouldBe(("vid-1", isSubmitted ? "vid-2" : null));
        book.Find(Records.Api, "1-a#3").ShouldBeNull();
        book.Entries.Count(entry => !book.IsSuperseded(entry)).ShouldBe(2);
        book.Find(Records.Api, "1-a#2")!.ToUnknown().Message.ShouldNotContain("0001");
    }

    [Fact]
    public void A_submitted_line_without_its_intent_is_a_separate_row()
    {
        LedgerBook book = Records.Book(
            Records.Intent("e-1", "1-a#1"),
            Records.Submitted("e-1", "vid-1", "1-a#1"),
            Records.Submitted("e-2", "vid-2", "1-a#1"));

        (book.Find(Records.Api, "1-a#1")!.Id, book.Find(Records.Api, "1-a#2")!.Id).ShouldBe(("vid-1", "vid-2"));
    }

    [Fact]
    public void A_damaged_second_attempt_still_belongs_to_its_row()
    {
        LedgerBook book = Records.Book(Records.Intent("e-1", "1-a#1"), Records.Ended("e-1", VideoStatus.Failed, key: "1-a#1"));
        book.ApplyLine(
            3,
            """{"step":"intent","entry":"e-2","key":"1-a#1","again":"e-1","origin":"https://api.chuizi.ai","run":"r","at"""u8
        );

        book.Damage.Count.ShouldBe(1);
        book.Find(Records.Api, "1-a#1")!.Entry.ShouldBe("e-2");
    }

    private static async Task SendAsync(SubmissionClaims claims, string key, string end, string id)
    {
        Claim claim = await claims.TryClaimAsync(Submissions.Row(1, new RowChecker().Check(new() { Prompt = "p" }).Request!, key, 0.1m));
        if (claim.Intent is null)
        {
            return;
        }

        switch (end)
        {
            case "withdrawn":
                await claims.SettledAsync(claim, null);
                break;
            case "unknown":
                await claims.SettledAsync(claim, new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, "reset"));
                break;
            case "failed":
                await claims.SettledAsync(claim, new ChuiziException(ChuiziErrorKind.RequestRejected, "no"));
                break;
            case "unanswered":
                break;
            default:
                await claims.SubmittedAsync(claim, new VideoState { Id = id, Status = VideoStatus.Processing });
                break;
        }
    }
}
