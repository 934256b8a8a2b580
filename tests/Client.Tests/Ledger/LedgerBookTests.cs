using System.Text;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
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

    [Trait("Speed", "Medium")]
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
        (entry.Entry, entry.At).ShouldBe(($"{Records.Api} vid-9", Records.Noon.AddMinutes(1)));
    }

    [Fact]
    public void A_step_of_a_later_version_is_reported_and_skipped()
    {
        LedgerBook book = new();
        book.ApplyLine(1, Records.Bytes(Records.Intent("e")).AsSpan()[..^1]);
        book.ApplyLine(2, """{"step":"cancelled","entry":"e","origin":"https://api.chuizi.ai"}"""u8);
        book.ApplyLine(3, """{"step":"deleted","entry":"e","path":"/videos/a.mp4","origin":"https://api.chuizi.ai"}"""u8);
        book.ApplyLine(4, """{"step":"deleted","entry":"f","origin":"https://api.chuizi.ai"}"""u8);
        string[] steps = ["Line 2 has the step 'cancelled'", "Line 3 has the step 'deleted'", "Line 4 has the step 'deleted'"];
        book.Damage.ShouldBe(steps.Select(line => $"{line}, which this version does not support. The line was skipped."));
        book.Entries.Single().Path.ShouldBeNull();
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

    [Theory]
    [InlineData("nonsense", 100, 100, "Line 100 is damaged and was skipped: 'nonsense'.")]
    [InlineData("nonsense", 101, 101, "1 more line is damaged.")]
    [InlineData("nonsense", 1_300, 101, "1,200 more lines are damaged.")]
    [InlineData("""{"step":"x"}""", 100, 100, "Line 100 has the step 'x', which this version does not support. The line was skipped.")]
    [InlineData("""{"step":"x"}""", 101, 101, "1 more line is damaged.")]
    [InlineData("""{"step":"x"}""", 1_300, 101, "1,200 more lines are damaged.")]
    public void Only_the_first_damaged_lines_are_listed(string line, int lines, int count, string last)
    {
        using InCulture culture = new("de-DE");
        LedgerBook book = new();
        for (int number = 1; number <= lines; number++)
        {
            book.ApplyLine(number, Encoding.UTF8.GetBytes(line));
        }

        (book.Damage.Count, book.Damage[^1]).ShouldBe((count, last));
        book.Damage[99].ShouldStartWith("Line 100 ");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"step":"x"}""")]
    public void A_damaged_last_line_that_is_read_again_is_listed_once(string line)
    {
        LedgerBook book = new();
        book.ApplyLine(1, Encoding.UTF8.GetBytes(line));
        book.ApplyLine(1, Encoding.UTF8.GetBytes(line));
        book.Damage.ShouldHaveSingleItem();
        book.TakeDamage().ShouldHaveSingleItem();
        book.ApplyLine(1, Encoding.UTF8.GetBytes(line));
        book.TakeDamage().ShouldHaveSingleItem("the line of another file");
    }

    [Fact]
    public void Damage_is_taken_once_for_each_file()
    {
        LedgerBook book = new();
        for (int number = 1; number <= 101; number++)
        {
            book.ApplyLine(number, "nonsense"u8);
        }

        IReadOnlyList<string> first = book.TakeDamage();
        book.Damage.ShouldBeEmpty();
        book.ApplyLine(1, "broken"u8);
        book.TakeDamage().ShouldBe(["Line 1 is damaged and was skipped: 'broken'."]);
        book.TakeDamage().ShouldBeEmpty();
        first.Count.ShouldBe(101);
    }

    [Fact]
    public void A_damaged_line_is_quoted_briefly()
    {
        LedgerBook book = new();
        book.ApplyLine(7, Encoding.UTF8.GetBytes(new string('x', 300)));
        book.Damage.ShouldBe([$"Line 7 is damaged and was skipped: '{new string('x', 60)}…'."]);
    }

    [Fact]
    public void A_damaged_line_counts_as_a_record_if_parts_of_it_are_used()
    {
        LedgerBook book = new();
        book.ApplyLine(1, "nonsense"u8);
        book.Records.ShouldBe(0);
        book.ApplyLine(2, Line(s_lines[0]).AsSpan()[..^5]);
        book.Records.ShouldBe(1);
        book.SpentAt(Records.Api).Unpriced.Single().Entry.ShouldBe("e");
    }

    [Fact]
    public void A_damaged_outcome_is_not_an_answer()
    {
        LedgerBook book = Records.Book(s_lines[0]);
        book.ApplyLine(2, Line(s_lines[2]).AsSpan()[..^5]);
        LedgerEntry entry = book.Entries.Single();
        (entry.Id, entry.IsAnswered, entry.Status, entry.Cost).ShouldBe(("vid-1", false, VideoStatus.Unknown, null));
    }

    [Fact]
    public void A_damaged_copy_of_a_submitted_line_changes_nothing()
    {
        LedgerBook book = Records.Book(s_lines[0], s_lines[1]);
        book.ApplyLine(3, Line(s_lines[1]).AsSpan()[..^5]);
        LedgerEntry entry = book.Entries.Single();
        (entry.Created, entry.RequestId, entry.Status).ShouldBe((Records.Noon.AddSeconds(-1), "req-vid-1", VideoStatus.Processing));
    }

    [Fact]
    public void Records_joined_in_one_line_are_all_applied()
    {
        LedgerBook book = new();
        book.ApplyLine(1, [.. Line(s_lines[0]), .. Line(s_lines[1]).AsSpan()[..^5], .. Line(s_lines[2]), .. Line(Records.Intent("f"))]);
        book.Entries.Select(entry => (entry.Entry, entry.Id, entry.Cost)).ShouldBe([("e", "vid-1", 0.3m), ("f", null, null)]);
        book.Damage.ShouldBe(["Line 1 (submitted) is damaged. The parts that can be read are used."]);
        book.Records.ShouldBe(4);
    }

    [Fact]
    public void An_impossible_record_joined_with_others_is_damage()
    {
        LedgerRecord wrong = Records.Settled("vid-1", VideoStatus.Succeeded, -1);
        LedgerBook book = new();
        book.ApplyLine(1, [.. Line(wrong), .. Line(s_lines[0])]);
        book.Entries.Single().Entry.ShouldBe("e");
        book.Damage.Count.ShouldBe(1);
    }

    [Fact]
    public void Lines_about_a_run_are_not_about_a_submission()
    {
        LedgerBook book = Records.Book(
            new() { Step = LedgerStep.Alive, Entry = "e", Run = Records.DeadRun },
            new() { Step = LedgerStep.Ended, Entry = "e", Run = Records.DeadRun });
        (book.Records, book.Entries.Count, book.Damage.Count).ShouldBe((2, 0, 0));
    }

    [Theory]
    [InlineData("""{"step":"submitted","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","at":""", "vid-1", true)]
    [InlineData("""{"step":"submitted","entry":"e","origin":"https://api.chuizi.ai","at":""", null, false)]
    [InlineData("""{"step":"settled","entry":"e","id":"vid-1","origin":"https://api.chuizi.ai","at":""", null, false)]
    [InlineData("nonsense", null, false)]
    public void Only_the_id_of_a_repaired_line_is_used(string text, string? id, bool isAnswered)
    {
        LedgerBook book = Records.Book(s_lines[0], new LedgerRecord { Step = LedgerStep.Repaired, Text = text });
        LedgerEntry entry = book.Entries.Single();
        (entry.Id, entry.IsAnswered).ShouldBe((id, isAnswered));
        (book.Records, book.Damage.Count).ShouldBe((2, 0));
    }

    [Fact]
    public void A_decision_belongs_to_its_video_whichever_line_comes_first()
    {
        LedgerRecord decision = new() { Step = LedgerStep.Reviewed, Id = "vid-1", Origin = Records.Api, Rating = 4 };
        LedgerRecord other = new() { Step = LedgerStep.Reviewed, Id = "vid-1", Origin = Records.Elsewhere, Rating = 1 };
        LedgerRecord without = new() { Step = LedgerStep.Reviewed, Origin = Records.Api, Rating = 2 };
        LedgerRecord[] decisions = [decision, other, without];
        foreach (bool isFirst in new[] { true, false })
        {
            LedgerRecord[] lines = isFirst ? [.. decisions, .. s_lines] : [.. s_lines, .. decisions];
            LedgerBook book = Records.Book(lines);
            book.Entries.Single().Review.ShouldNotBeNull().Rating.ShouldBe(4);
            book.Records.ShouldBe(7);
        }

        Records.Book(s_lines[0], s_lines[1], other).Entries.Single().Review.ShouldBeNull();
    }

    [Fact]
    public void An_intent_has_everything_that_was_planned()
    {
        LedgerRecord intent = Records.Intent("e", Key, 0.25m);
        (intent.Row, intent.Take, intent.FileName, intent.Resolution) = (7, 2, "kite", "720P");
        LedgerEntry entry = Records.Book(Records.Submitted("e", "vid-1"), intent).Entries.Single();
        (entry.Row, entry.Take, entry.FileName, entry.Resolution, entry.Duration, entry.Estimate, entry.At).ShouldBe(
            (7, 2, "kite", "720P", 6, 0.25m, Records.Noon));
    }

    [Fact]
    public void The_first_line_decides_origin_run_model_and_id()
    {
        LedgerRecord later = Records.Submitted("e", "vid-2", origin: Records.Elsewhere);
        (later.Run, later.Model) = ("00000000000000aa", "another/model");
        LedgerBook book = Records.Book(s_lines[0], s_lines[1], later);
        LedgerEntry entry = book.Entries.Single();
        (entry.Origin, entry.Run, entry.Model, entry.Id).ShouldBe((Records.Api, Records.DeadRun, Records.Model, "vid-1"));
        book.OfId("vid-2").ShouldBeEmpty();
        book.OfId("vid-1").ShouldBe([entry]);
    }

    [Fact]
    public void A_submitted_line_has_the_time_of_the_API_or_its_own()
    {
        LedgerRecord submitted = Records.Submitted("e", "vid-1");
        (submitted.Created, submitted.IdSource) = (null, "X-Id");
        LedgerBook book = Records.Book(s_lines[0], submitted);
        LedgerEntry entry = book.Entries.Single();
        (entry.Created, entry.IdSource, entry.RequestId).ShouldBe((submitted.At, "X-Id", "req-vid-1"));

        LedgerRecord copy = Records.Submitted("e", "vid-1");
        (copy.RequestId, copy.IdSource) = ("req-copy", null);
        book.Apply(copy);
        (entry.Created, entry.IdSource, entry.RequestId).ShouldBe((copy.Created, "X-Id", "req-copy"));
        copy.RequestId = null;
        book.Apply(copy);
        entry.RequestId.ShouldBe("req-copy");
    }

    [Fact]
    public void A_submitted_line_without_an_id_is_an_unknown_outcome()
    {
        LedgerEntry entry = Records.Book(s_lines[0], Records.Submitted("e", null!)).Entries.Single();
        (entry.IsAnswered, entry.Status, entry.Id).ShouldBe((true, VideoStatus.Unknown, null));
    }

    [Theory]
    [InlineData("failed", "unknown", "failed")]
    [InlineData("succeeded", "unknown", "succeeded")]
    [InlineData("succeeded", "later", "succeeded")]
    [InlineData("skipped", "unknown", "unknown")]
    [InlineData("unknown", "succeeded", "succeeded")]
    [InlineData("unknown", "failed", "failed")]
    [InlineData("failed", "succeeded", "succeeded")]
    [InlineData("succeeded", "failed", "failed")]
    public void A_known_outcome_is_not_replaced_by_an_unknown_one(string first, string second, string expected)
    {
        LedgerBook book = Records.Book(s_lines[0], Records.Ended("e", first, "First."), Records.Ended("e", second, "Second."));
        LedgerEntry entry = book.Entries.Single();
        (entry.Status, entry.Error!.Message).ShouldBe((expected, expected == first ? "First." : "Second."));
    }

    [Fact]
    public void An_outcome_keeps_what_its_last_line_does_not_have()
    {
        LedgerRecord first = Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m);
        first.RequestId = "req-settled";
        LedgerRecord copy = new()
        {
            Step = LedgerStep.Settled, Id = "vid-1", Origin = Records.Api, Status = VideoStatus.Succeeded, RequestId = "req-copy",
        };
        LedgerBook book = Records.Book(first, copy);
        LedgerEntry entry = book.Entries.Single();
        (entry.Cost, entry.Latency, entry.Url, entry.RequestId).ShouldBe((0.3m, TimeSpan.FromSeconds(45), first.Url, "req-settled"));

        (copy.Cost, copy.LatencyMs, copy.Url) = (0.4m, 7_000, new Uri("https://media.chuizi.ai/b.mp4"));
        book.Apply(copy);
        (entry.Cost, entry.Latency, entry.Url).ShouldBe((0.4m, TimeSpan.FromSeconds(7), copy.Url));
    }

    [Fact]
    public void The_error_of_an_earlier_outcome_is_removed()
    {
        LedgerBook book = Records.Book(s_lines[0], Records.Ended("e", VideoStatus.Unknown, "reset"), s_lines[1], s_lines[2]);
        book.Entries.Single().Error.ShouldBeNull();
    }

    [Fact]
    public void Only_finished_videos_with_a_cost_show_a_price()
    {
        LedgerRecord failed = Records.Settled("vid-1", VideoStatus.Failed, 0.5m);
        Price(s_lines[0], s_lines[1], failed).ShouldBeNull();
        Price(s_lines[0], s_lines[1], Records.Settled("vid-1", VideoStatus.Succeeded)).ShouldBeNull();
        Price(s_lines[0], s_lines[1], Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m)).ShouldBe(0.3m);

        static decimal? Price(params LedgerRecord[] lines) => Records.Book(lines).Prices.Find(Records.Api, Records.Model, 6, null);
    }

    [Fact]
    public void A_file_belongs_to_the_last_video_that_was_saved_to_it()
    {
        LedgerRecord saved = Records.Saved("vid-1", "/videos/a.mp4");
        saved.Size = 7;
        LedgerBook book = Records.Book(Records.Submitted("e", "vid-1"), Records.Submitted("f", "vid-2"), saved, saved);
        Owners(book).ShouldBe(("vid-1", null, null));
        (book.Entries.First().Size, book.Entries.First().Sha256).ShouldBe((7L, new string('a', 64)));

        // It was moved, and the file may still be at the former path.
        book.Apply(Records.Saved("vid-1", "/videos/b.mp4"));
        Owners(book).ShouldBe(("vid-1", "vid-1", null));
        (book.Entries.First().Path, book.Entries.First().Size).ShouldBe(("/videos/b.mp4", null));

        book.Apply(Records.Saved("vid-2", "/videos/a.mp4"));
        Owners(book).ShouldBe(("vid-2", "vid-1", null));
        book.Apply(Records.Saved("vid-2", "/videos/c.mp4"));
        Owners(book).ShouldBe(("vid-2", "vid-1", "vid-2"));
    }

    [Fact]
    public void A_file_that_another_video_replaced_does_not_return_to_the_first_one()
    {
        LedgerBook book = Records.Book(
            Records.Submitted("e", "vid-1"),
            Records.Submitted("f", "vid-2"),
            Records.Saved("vid-1", "/videos/a.mp4"),
            Records.Saved("vid-2", "/videos/a.mp4"),
            Records.Saved("vid-2", "/videos/c.mp4"),
            Records.Saved("vid-1", "/videos/b.mp4"));
        Owners(book).ShouldBe(("vid-2", "vid-1", "vid-2"));
    }

    [Fact]
    public void A_file_of_a_submission_without_an_id_does_not_hide_the_owner()
    {
        LedgerRecord saved = Records.Saved(null!, "/videos/a.mp4");
        saved.Entry = "f";
        LedgerBook book = Records.Book(Records.Submitted("e", "vid-1"), Records.Saved("vid-1", "/videos/a.mp4"), saved);
        Owners(book).ShouldBe(("vid-1", null, null));
        book.Entries.Last().Path.ShouldBe("/videos/a.mp4");
    }

    [Fact]
    public void A_submission_is_identified_by_its_name_or_by_its_id_at_its_origin()
    {
        LedgerBook book = Records.Book(s_lines[0], s_lines[1]);
        book.Has(new LedgerRecord { Entry = "e" }).ShouldBeTrue();
        book.Has(new LedgerRecord { Entry = "f", Id = "vid-1", Origin = Records.Api }).ShouldBeTrue();
        book.Has(new LedgerRecord { Id = "vid-1", Origin = Records.Api }).ShouldBeTrue();
        book.Has(new LedgerRecord { Id = "vid-1", Origin = Records.Elsewhere }).ShouldBeFalse();
        book.Has(new LedgerRecord { Entry = "f", Id = "vid-2", Origin = Records.Api }).ShouldBeFalse();
        book.Has(new LedgerRecord { Origin = Records.Api }).ShouldBeFalse();
    }

    [Fact]
    public void A_withdrawn_intent_leaves_no_trace()
    {
        LedgerRecord first = Records.Intent("a", "1-a#1", 1);
        LedgerRecord second = Records.Intent("b", "1-b#1", 2);
        LedgerBook book = Records.Book(first, second);
        book.Withdraw(second);
        for (int time = 0; time < 2; time++)
        {
            (book.Records, book.Entries.Single().Entry, book.Has(second)).ShouldBe((1, "a", false));
            book.SpentAt(Records.Api).Total(_ => 9).ShouldBe(1);
            book.Find(Records.Api, "1-b#1").ShouldBeNull();
            // It is not in the book any more, nor is the submission of an id only.
            book.Withdraw(second);
            book.Withdraw(Records.Settled("vid-1", VideoStatus.Failed));
        }

        book.Apply(second);
        book.Find(Records.Api, "1-b#1").ShouldNotBeNull().Entry.ShouldBe("b");
        book.SpentAt(Records.Api).Total(_ => 9).ShouldBe(3);
    }

    [Fact]
    public void What_happened_to_a_submission_is_not_withdrawn()
    {
        LedgerBook book = Records.Book(s_lines);
        foreach (LedgerRecord line in s_lines[1..])
        {
            book.Withdraw(line);
        }

        (book.Records, book.Find(Records.Api, Key)!.Status, book.Find(Records.Api, Key)!.Path).ShouldBe(
            (4, VideoStatus.Succeeded, "/videos/a.mp4"));
        book.SpentAt(Records.Api).Total(_ => null).ShouldBe(0.3m);
    }

    [Fact]
    public void A_submission_returns_to_the_run_that_it_was_taken_from()
    {
        LedgerRecord taken = new() { Step = LedgerStep.Taken, Entry = "e", Origin = Records.Api, Run = "00000000000000aa" };
        LedgerBook book = Records.Book(s_lines[0], s_lines[1], taken);
        LedgerEntry entry = book.Entries.Single();
        (entry.Run, entry.TakenFrom, entry.Status).ShouldBe(("00000000000000aa", Records.DeadRun, VideoStatus.Processing));
        book.Withdraw(taken);
        (entry.Run, entry.Status, book.Records, book.Entries.Count).ShouldBe((Records.DeadRun, VideoStatus.Processing, 3, 1));
    }

    [Fact]
    public void A_cleared_book_is_like_a_new_one()
    {
        LedgerRecord intent = Records.Intent("e", Key, 0.25m);
        intent.Files = new() { ["/a.png"] = "one" };
        LedgerBook book = Records.Book(
            intent,
            Records.Intent("f", Key),
            Records.Intent("g", Key),
            Records.Intent("h", Key + ".2"),
            Records.Submitted("e", "vid-1", Key),
            Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m),
            Records.Saved("vid-1", "/videos/a.mp4"),
            Records.Saved("vid-1", "/videos/b.mp4"),
            new() { Step = LedgerStep.Reviewed, Id = "vid-1", Origin = Records.Api, Rating = 4 });
        for (int number = 1; number <= 101; number++)
        {
            book.ApplyLine(number, "nonsense"u8);
        }

        book.Clear();

        (book.Records, book.Entries.Count, book.Damage.Count, book.Has(intent)).ShouldBe((0, 0, 0, false));
        book.OfId("vid-1").ShouldBeEmpty();
        Owners(book).ShouldBe((null, null, null));
        (book.ContentOf("/a.png"), book.Find(Records.Api, Key), book.HighestTake(Records.Api, Key)).ShouldBe((null, null, 0));
        book.SpentAt(Records.Api).Total(_ => 9).ShouldBe(0);
        book.Prices.Find(Records.Api, Records.Model, 6, null).ShouldBeNull();

        book.Apply(Records.Intent("e", Key));
        book.Apply(Records.Submitted("e", "vid-1", Key));
        book.ApplyLine(3, "broken"u8);
        LedgerEntry entry = book.Entries.Single();
        (entry.Key, entry.Id, entry.Review, entry.Path).ShouldBe((Key, "vid-1", null, null));
        book.Damage.ShouldBe(["Line 3 is damaged and was skipped: 'broken'."]);
    }

    [Fact]
    public void A_book_for_totals_has_amounts_but_no_rows_prices_addresses_and_errors()
    {
        List<string?> prompts = [];
        LedgerBook book = LedgerBook.ForTotals(intent =>
        {
            prompts.Add(intent.Prompt);
            return null;
        });
        LedgerRecord settled = Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m);
        (settled.Error, settled.RequestId) = (new VideoError { Message = "Odd." }, "req-settled");
        int number = 0;
        foreach (LedgerRecord line in new[] { s_lines[0], s_lines[1], settled })
        {
            book.ApplyLine(++number, Line(line));
        }

        prompts.ShouldBe(["A red kite"]);
        LedgerEntry entry = book.Entries.Single();
        (entry.Status, entry.IsAnswered, entry.Id, entry.Cost).ShouldBe((VideoStatus.Succeeded, true, "vid-1", 0.3m));
        (entry.Key, entry.Url, entry.Latency, entry.Error, entry.Intent).ShouldBe((null, null, null, null, null));
        book.Find(Records.Api, Key).ShouldBeNull();
        book.Prices.Find(Records.Api, Records.Model, 6, null).ShouldBeNull();
        book.SpentAt(Records.Api).Total(_ => null).ShouldBe(0.3m);
    }

    [Fact]
    public void A_book_for_totals_keeps_what_it_is_asked_to_keep()
    {
        LedgerRecord kept = new() { Prompt = "Kept" };
        LedgerBook book = LedgerBook.ForTotals(_ => kept);
        book.Apply(s_lines[0]);
        book.Entries.Single().Intent.ShouldBeSameAs(kept);
    }

    [Fact]
    public void Texts_that_many_submissions_have_are_the_same_object()
    {
        LedgerBook book = new();
        foreach (string name in new[] { "e", "f" })
        {
            LedgerRecord intent = Records.Intent(name, origin: new string(Records.Api.AsSpan()), run: new string(Records.DeadRun.AsSpan()));
            intent.Model = new string(Records.Model.AsSpan());
            book.Apply(intent);
        }

        (LedgerEntry first, LedgerEntry second) = (book.Entries.First(), book.Entries.Last());
        second.Origin.ShouldBeSameAs(first.Origin);
        second.Run.ShouldBeSameAs(first.Run);
        second.Model.ShouldBeSameAs(first.Model);
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

    private static byte[] Line(LedgerRecord record) => Records.Bytes(record)[..^1];

    private static (string?, string?, string?) Owners(LedgerBook book) =>
        (book.OwnerOf("/videos/a.mp4"), book.OwnerOf("/videos/b.mp4"), book.OwnerOf("/videos/c.mp4"));

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
