using System.Text;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerBookTests
{
    private const string Key = "1-abc#1";

    // The lines of one submission; each identifies its submission.
    private static readonly LedgerRecord[] s_lines =
    [
        Records.Intent("e", Key, 0.25m),
        Records.Submitted("e", "vid-1", Key),
        Of("e", Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m)),
        Of("e", Records.Saved("vid-1", "/videos/a.mp4")),
    ];

    [Fact]
    public void A_submission_is_tracked_from_intent_to_saved_file()
    {
        LedgerBook book = Records.Book(s_lines[0]);
        LedgerEntry entry = book.Entries.Single();
        (entry.Status, entry.IsAnswered, entry.Id, entry.Key, entry.Run, entry.Model, entry.Duration, entry.At)
            .ShouldBe((VideoStatus.Unknown, false, null, Key, Records.DeadRun, Records.Model, 6, Records.Noon));
        book.Apply(s_lines[1]);
        (entry.Status, entry.IsAnswered, entry.Id, entry.RequestId, entry.Created, entry.At)
            .ShouldBe((VideoStatus.Processing, true, "vid-1", "req-vid-1", Records.Noon.AddSeconds(-1), Records.Noon));
        book.Apply(Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m));
        (entry.Status, entry.Cost, entry.Latency, entry.Url).ShouldBe(
            (VideoStatus.Succeeded, 0.3m, TimeSpan.FromSeconds(45), new Uri("https://media.chuizi.ai/videos/vid-1.mp4")));
        book.Apply(Records.Saved("vid-1", "/videos/a.mp4"));
        (entry.Path, entry.Sha256, entry.Status).ShouldBe(("/videos/a.mp4", new string('a', 64), VideoStatus.Succeeded));
        book.OwnerOf("/videos/a.mp4").ShouldBe("vid-1");
        book.OwnerOf("/videos/b.mp4").ShouldBeNull();
        book.Entries.Single().ShouldBeSameAs(entry);
        book.Find(Records.Api, Key).ShouldBeSameAs(entry);
        book.Records.ShouldBe(4);
        book.Damage.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        """{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","status":"succeeded","cost":0.1,"latency_ms":9223372036854775807}"""
    )]
    [InlineData(
        """{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","status":"succeeded","cost":0.1,"latency_ms":-1}"""
    )]
    [InlineData(
        """{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","status":"succeeded","cost":79228162514264337593543950335}"""
    )]
    [InlineData("""{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","status":"succeeded","cost":-100}""")]
    [InlineData("""{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","status":"succeeded","url":"a/b"}""")]
    [InlineData("""{"step":"intent","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","estimate":-100}""")]
    public void Impossible_amounts_times_and_URLs_are_damage_that_neither_throws_nor_counts(string line)
    {
        LedgerBook book = Records.Book(s_lines[0], Records.Intent("f", "k", 0.5m));
        book.ApplyLine(3, Encoding.UTF8.GetBytes(line));
        book.ApplyLine(4, Encoding.UTF8.GetBytes(line.Replace("\"e\"", "\"f\"", StringComparison.Ordinal)));
        book.Damage.Count.ShouldBe(2);
        book.Damage[0].ShouldStartWith("Line 3 ");
        book.SpentAt(Records.Api).Total(_ => null).ShouldBe(0.75m);
        book.Find(Records.Api, Key)!.Id.ShouldBe("vid-1");
    }

    [Fact]
    public void The_lines_of_a_submission_give_the_same_result_in_every_order()
    {
        string[] expected = Records.Told(Records.Book(s_lines));
        Gen.Shuffle(s_lines).Sample(lines =>
        {
            LedgerBook book = Records.Book(lines);
            Records.Told(book).ShouldBe(expected);
            book.Find(Records.Api, Key).ShouldNotBeNull();
            book.OwnerOf("/videos/a.mp4").ShouldBe("vid-1");
        });
    }

    [Fact]
    public void Reading_a_ledger_repeatedly_changes_nothing() =>
        Gen.Select(Gen.Int, Gen.Int[1, 60]).Sample((seed, count) =>
        {
            LedgerRecord[] lines = History(new Random(seed), count);
            LedgerBook once = Records.Book(lines);
            LedgerBook twice = Records.Book([.. lines, .. lines]);
            Records.Told(twice).ShouldBe(Records.Told(once));
            foreach (LedgerRecord line in lines.Where(line => line.Key is not null))
            {
                twice.Find(line.Origin!, line.Key!)!.Entry.ShouldBe(once.Find(line.Origin!, line.Key!)!.Entry);
            }

            // A line that is read twice in between changes nothing either, as after a group write that failed halfway.
            Records.Told(Records.Book([.. lines.SelectMany(line => new[] { line, line })])).ShouldBe(Records.Told(once));
        });

    [Fact]
    public void Lines_read_as_bytes_give_the_same_result_as_records()
    {
        LedgerRecord[] lines = History(new Random(7), 200);
        LedgerBook book = new();
        int number = 0;
        foreach (string line in Records.Text(lines).TrimEnd('\n').Split('\n'))
        {
            book.ApplyLine(++number, Encoding.UTF8.GetBytes(line));
        }

        Records.Told(book).ShouldBe(Records.Told(Records.Book(lines)));
        book.Records.ShouldBe(200);
    }

    [Fact]
    public void The_last_attempt_represents_its_row()
    {
        LedgerBook book = Records.Book(
            Records.Intent("e-1", Key, 1),
            Records.Ended("e-1", VideoStatus.Failed, key: Key),
            Records.Intent("e-2", Key, 1, again: "e-1"),
            Records.Submitted("e-2", "vid-2", Key));
        book.Find(Records.Api, Key)!.Entry.ShouldBe("e-2");
        book.Entries.Count.ShouldBe(2);
        // A late line of the first attempt does not replace the second.
        book.Apply(Records.Ended("e-1", VideoStatus.Failed, key: Key));
        book.Find(Records.Api, Key)!.Id.ShouldBe("vid-2");
    }

    [Theory]
    [InlineData("succeeded", "succeeded")]
    [InlineData("failed", "failed")]
    [InlineData("skipped", "skipped")]
    [InlineData("unknown", "unknown")]
    [InlineData("processing", "unknown")]
    [InlineData("SUCCEEDED", "unknown")]
    [InlineData("cancelled", "unknown")]
    [InlineData("", "unknown")]
    [InlineData(null, "unknown")]
    public void An_unfamiliar_settled_status_is_an_unknown_outcome(string? word, string expected)
    {
        LedgerEntry entry = Records.Book(Records.Intent("e"), Records.Ended("e", word!)).Entries.Single();
        entry.Status.ShouldBe(expected);
        entry.IsAnswered.ShouldBeTrue();
    }

    [Fact]
    public void A_failed_poll_settles_the_job_with_its_reason()
    {
        LedgerEntry entry = Records
            .Book(Records.Intent("e"), Records.Submitted("e", "vid-1"), Records.Settled("vid-1", VideoStatus.Failed))
            .Entries.Single();
        (entry.Status, entry.Error!.Message, entry.Id).ShouldBe((VideoStatus.Failed, "Content policy violation", "vid-1"));
    }

    [Fact]
    public void A_job_of_another_ledger_gets_its_own_entry()
    {
        LedgerBook book = Records.Book(
            Records.Intent("e"),
            Records.Settled("vid-9", VideoStatus.Succeeded, 0.5m),
            Records.Saved("vid-9", "/videos/b.mp4"));
        book.Entries.Count.ShouldBe(2);
        LedgerEntry entry = book.Entries.Last();
        (entry.Id, entry.Status, entry.Cost, entry.Path, entry.Origin).ShouldBe(
            ("vid-9", VideoStatus.Succeeded, 0.5m, "/videos/b.mp4", Records.Api));
    }

    [Fact]
    public void A_step_of_a_later_version_is_reported_and_skipped()
    {
        LedgerBook book = new();
        book.ApplyLine(1, Records.Bytes(Records.Intent("e")).AsSpan()[..^1]);
        book.ApplyLine(2, """{"step":"cancelled","entry":"e","origin":"https://api.chuizi.ai"}"""u8);
        book.Damage.ShouldBe(["Line 2 has the step 'cancelled', which this version does not support. The line was skipped."]);
        book.Entries.Single().IsAnswered.ShouldBeFalse();
    }

    [Fact]
    public void Lines_without_a_submission_change_nothing()
    {
        LedgerBook book = Records.Book(
            new()
            {
                Step = LedgerStep.Settled,
                Origin = Records.Api,
                Status = VideoStatus.Failed,
            },
            new() { Step = LedgerStep.Repaired, Text = "{\"st" },
            new() { Step = LedgerStep.Repaired });
        book.Entries.ShouldBeEmpty();
        book.Damage.ShouldBeEmpty();
    }

    [Fact]
    public void Inputs_are_kept_on_request()
    {
        LedgerBook book = new(keepsInputs: true);
        book.Apply(s_lines[0]);
        book.Entries.Single().ToVideo().Prompt.ShouldBe("A red kite");
        Records.Book(s_lines[0]).Entries.Single().Intent.ShouldBeNull();
    }

    [Fact]
    public void The_content_of_an_image_is_the_last_one_sent()
    {
        LedgerRecord first = Records.Intent("e-1");
        first.Files = new() { ["/a.png"] = "one", ["/b.png"] = "other" };
        LedgerRecord second = Records.Intent("e-2");
        second.Files = new() { ["/a.png"] = "two" };
        LedgerBook book = Records.Book(first, second);
        (book.ContentOf("/a.png"), book.ContentOf("/b.png"), book.ContentOf("/c.png")).ShouldBe(("two", "other", null));
    }

    private static LedgerRecord Of(string entry, LedgerRecord record)
    {
        record.Entry = entry;
        return record;
    }

    /// <summary>Random lines for a few rows in the order in which runs and waits write them, failures included.</summary>
    private static LedgerRecord[] History(Random random, int count)
    {
        List<LedgerRecord> lines = [];
        List<(string Id, string Origin)> jobs = [];
        List<(string Entry, string Key, string Origin)> open = [];
        while (lines.Count < count)
        {
            switch (random.Next(4))
            {
                case 1 when open.Count > 0:
                    (string entry, string key, string origin) = open[random.Next(open.Count)];
                    open.Remove((entry, key, origin));
                    if (random.Next(3) == 0)
                    {
                        lines.Add(
                            Records.Ended(
                                entry,
                                random.GetItems([VideoStatus.Failed, VideoStatus.Skipped, VideoStatus.Unknown], 1)[0],
                                "Why.",
                                key,
                                origin));
                    }
                    else
                    {
                        jobs.Add(($"vid-{lines.Count}", origin));
                        lines.Add(Records.Submitted(entry, jobs[^1].Id, key, origin));
                    }

                    break;
                case 2 when jobs.Count > 0:
                    (string job, string at) = jobs[random.Next(jobs.Count)];
                    lines.Add(
                        Records.Settled(
                            job,
                            random.Next(3) == 0 ? VideoStatus.Failed : VideoStatus.Succeeded,
                            random.Next(3) == 0 ? null : random.Next(100) / 100m,
                            at));
                    break;
                case 3 when jobs.Count > 0:
                    (string saved, string where) = jobs[random.Next(jobs.Count)];
                    lines.Add(Records.Saved(saved, $"/videos/{random.Next(5)}.mp4", where));
                    break;
                default:
                    string made = random.Next(2) == 0 ? Records.Api : Records.Elsewhere;
                    open.Add(($"e-{lines.Count}", $"1-row#{random.Next(5)}", made));
                    lines.Add(Records.Intent(open[^1].Entry, open[^1].Key, random.Next(3) == 0 ? null : random.Next(100) / 100m, made));
                    break;
            }
        }

        return [.. lines];
    }
}
