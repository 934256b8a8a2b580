using System.Text;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Decisions about videos: what is written, and which one counts.</summary>
public sealed class ReviewRecorderTests : LedgerTest
{
    private static readonly DateTime s_now = Records.Noon.AddDays(1);

    private static readonly string?[] s_verdicts = [null, "Kept", "Rejected", "None"];
    private static readonly int?[] s_ratings = [null, 0, 1, 5];
    private static readonly string?[] s_notes = [null, "", "good", "bad"];

    private static readonly LedgerRecord[] s_videos =
    [
        Records.Intent("a"), Records.Submitted("a", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.2m),
        Records.Intent("b"), Records.Submitted("b", "vid-2"), Records.Settled("vid-2", VideoStatus.Failed),
        Records.Intent("c", origin: Records.Elsewhere), Records.Submitted("c", "vid-1", origin: Records.Elsewhere),
    ];

    [Fact]
    public void The_newest_decision_counts_in_any_order_and_in_merged_copies()
    {
        Gen<LedgerRecord> review = Gen.Select(
            Gen.Int[1, 2],
            Gen.OneOf(Records.Api, Records.Elsewhere),
            Gen.OneOf(s_verdicts),
            Gen.OneOf(s_ratings),
            Gen.OneOf(s_notes),
            Gen.Int[0, 4],
            (id, origin, verdict, rating, note, minute) =>
                Review($"vid-{id}", verdict, rating, note, Records.Noon.AddMinutes(minute), origin));
        Gen.Select(review.Array[0, 12], Gen.Int).Sample((reviews, seed) =>
        {
            // A review may come before the lines of its submission, which stay in their order.
            Random random = new(seed);
            List<LedgerRecord> lines = [.. s_videos];
            int at = 0;
            foreach (LedgerRecord line in reviews)
            {
                at = random.Next(at, lines.Count + 1);
                lines.Insert(at++, line);
            }

            LedgerRecord[][] files = [[.. lines], [.. lines, .. lines], [.. lines.Where(line => line.Step != "reviewed"), .. lines]];
            foreach (LedgerRecord[] file in files)
            {
                LedgerBook book = new();
                foreach (string line in Records.Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    book.ApplyLine(1, Encoding.UTF8.GetBytes(line));
                }

                book.Damage.ShouldBeEmpty();
                foreach (LedgerEntry entry in book.Entries)
                {
                    LedgerRecord[] own = [.. reviews.Where(line => (line.Id, line.Origin) == (entry.Id, entry.Origin))];
                    string? verdict = Newest(own, line => line.Verdict);
                    int? rating = Newest(own, line => line.Rating);
                    string? note = Newest(own, line => line.Note);
                    Told(entry.ToVideo()).ShouldBe(
                        (verdict == "None" ? null : verdict, rating == 0 ? null : rating, note == "" ? null : note));
                }
            }
        });

        // OrderBy is stable, so the last of the same time is the last line.
        static T? Newest<T>(LedgerRecord[] lines, Func<LedgerRecord, T?> of) =>
            of(lines.Where(line => of(line) is not null).OrderBy(line => line.Decided).LastOrDefault() ?? new LedgerRecord());
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Decisions_of_different_times_end_the_same_in_any_order_of_recording()
    {
        Gen<(string? Verdict, int? Rating, string? Note)> decision = Gen.Select(
            Gen.OneOf(s_verdicts), Gen.OneOf(s_ratings), Gen.OneOf(s_notes));
        await Gen.Select(decision.Array[1, 6], Gen.Int).SampleAsync(
            async (decisions, seed) =>
            {
                LedgerRecord[] dated =
                    [.. decisions.Select((one, at) => Review("vid-1", one.Verdict, one.Rating, one.Note, Records.Noon.AddMinutes(at)))];
                (string?, int?, string?) expected = await EndAsync(dated);
                LedgerRecord[] shuffled = [.. dated];
                new Random(seed).Shuffle(shuffled);
                (await EndAsync(shuffled)).ShouldBe(expected);
                int lines = Lines.Length;
                (await ReviewRecorder.RecordAsync(Ledger, dated, s_now)).Recorded.ShouldBe(0, "all are recorded");
                Lines.Length.ShouldBe(lines);
            },
            iter: 60,
            threads: 1);

        async Task<(string?, int?, string?)> EndAsync(LedgerRecord[] decisions)
        {
            Write(s_videos);
            foreach (LedgerRecord one in decisions)
            {
                await ReviewRecorder.RecordAsync(Ledger, [one], s_now);
            }

            return Told(Video());
        }
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_write_that_was_cut_off_anywhere_is_completed_by_recording_again()
    {
        Write([.. s_videos, .. Enumerable.Range(3, 20).SelectMany(Pair)]);
        long before = new FileInfo(LedgerPath).Length;
        LedgerRecord[] decisions =
            [.. Enumerable.Range(3, 20).Select(number => Review($"vid-{number}", "Kept", number % 5 + 1, $"note {number}", Records.Noon))];
        await ReviewRecorder.RecordAsync(Ledger, decisions, s_now);
        byte[] whole = File.ReadAllBytes(LedgerPath);

        for (long length = before; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(LedgerPath, whole[..(int)length]);
            await ReviewRecorder.RecordAsync(Stranger(), decisions, s_now);
            LedgerBook book = Records.Read(LedgerPath);
            foreach (LedgerRecord decision in decisions)
            {
                Told(book.OfId(decision.Id!).Single().ToVideo()).ShouldBe((decision.Verdict, decision.Rating, decision.Note));
            }
        }

        static LedgerRecord[] Pair(int number) => [Records.Intent($"e-{number}"), Records.Submitted($"e-{number}", $"vid-{number}")];
    }

    [Fact]
    public async Task A_decision_without_a_time_is_made_now_and_is_not_written_twice()
    {
        Write(s_videos);
        (await RecordAsync(Review("vid-1", "Kept", 4, "good"))).ShouldBe(1);
        (await RecordAsync(Review("vid-1", "Kept", 4, null), now: s_now.AddHours(1))).ShouldBe(0);
        (await RecordAsync(Review("vid-1", null, 5, null), now: s_now.AddHours(1))).ShouldBe(1);
        Told(Video()).ShouldBe(("Kept", 5, "good"));
        LedgerSerializer.Read(Encoding.UTF8.GetBytes(Lines[^1]))!.Decided.ShouldBe(s_now.AddHours(1));
    }

    [Fact]
    public async Task A_time_in_the_future_counts_as_now()
    {
        Write(s_videos);
        LedgerRecord ahead = Review("vid-1", "Rejected", null, null, s_now.AddHours(3));
        (await RecordAsync(ahead)).ShouldBe(1);
        (await RecordAsync(ahead, now: s_now.AddMinutes(1))).ShouldBe(0);
        (await RecordAsync(Review("vid-1", "Kept", null, null), now: s_now.AddMinutes(2))).ShouldBe(1);
        Told(Video()).Verdict.ShouldBe("Kept");
    }

    [Fact]
    public async Task A_decision_by_hand_counts_even_if_another_clock_is_ahead()
    {
        Write([.. s_videos, Review("vid-1", "Rejected", 1, "no", s_now.AddHours(1))]);
        (await RecordAsync(Review("vid-1", "Kept", null, ""))).ShouldBe(1);
        Told(Video()).ShouldBe(("Kept", 1, null));
    }

    [Fact]
    public async Task An_older_decision_changes_and_writes_nothing()
    {
        Write([.. s_videos, Review("vid-1", "Kept", 5, "good", Records.Noon.AddHours(2))]);
        (await RecordAsync(Review("vid-1", "Rejected", 1, "bad", Records.Noon))).ShouldBe(0);
        Told(Video()).ShouldBe(("Kept", 5, "good"));
    }

    [Fact]
    public async Task Of_two_decisions_in_one_call_the_newest_counts()
    {
        Write(s_videos);
        LedgerRecord[] both =
        [
            Review("vid-1", "Kept", null, null, Records.Noon.AddMinutes(2)), Review("vid-1", "Rejected", null, null, Records.Noon),
        ];
        (int recorded, IReadOnlyList<Video> videos) = await ReviewRecorder.RecordAsync(Ledger, both, s_now);
        (recorded, videos[0].Verdict, videos[1].Verdict).ShouldBe((1, "Kept", "Kept"));
        videos[0].Ledger.ShouldBe(LedgerPath);
    }

    [Fact]
    public async Task One_unknown_id_refuses_all_decisions_and_the_others_are_counted()
    {
        Write(s_videos);
        LedgerRecord[] decisions =
            [Review("vid-2", "Rejected", null, null), Review("vid-8", "Kept", 1, null), Review("vid-9", "Kept", 1, null)];
        foreach (Task work in (Task[])[ReviewRecorder.CheckAsync(Ledger, decisions), ReviewRecorder.RecordAsync(Ledger, decisions, s_now)])
        {
            ChuiziException failure = await ShouldFailAsync(work, ChuiziErrorKind.VideoNotFound);
            failure.Message.ShouldBe(
                $"The ledger '{LedgerPath}' does not have the video vid-8 and 1 other. Nothing was recorded.");
            failure.VideoId.ShouldBe("vid-8");
        }

        Lines.Length.ShouldBe(s_videos.Length);
    }

    [Fact]
    public async Task An_id_at_two_origins_needs_its_origin()
    {
        Write(s_videos);
        LedgerRecord decision = Review("vid-1", "Kept", null, null);
        decision.Origin = null;
        (await Should.ThrowAsync<FormatException>(ReviewRecorder.RecordAsync(Ledger, [decision], s_now))).Message
            .ShouldBe(
                $"The ledger '{LedgerPath}' has the video vid-1 more than once: at {Records.Api} and {Records.Elsewhere}. Add the property "
                    + "Origin with one of these addresses.");
        decision.Origin = "https://third.example";
        (await ShouldFailAsync(ReviewRecorder.RecordAsync(Ledger, [decision], s_now), ChuiziErrorKind.VideoNotFound)).Message
            .ShouldBe($"The ledger '{LedgerPath}' does not have the video vid-1 at https://third.example. Nothing was recorded.");
        decision.Origin = Records.Elsewhere;
        (await RecordAsync(decision)).ShouldBe(1);
        Video().Verdict.ShouldBeNull("the video of the other origin has no decision");
    }

    [Fact]
    public async Task A_failed_video_can_be_rejected_but_not_kept()
    {
        Write(s_videos);
        (await Should.ThrowAsync<FormatException>(ReviewRecorder.RecordAsync(Ledger, [Review("vid-2", "Kept", 5, null)], s_now))).Message
            .ShouldBe("The video vid-2 failed, so there is nothing to keep. Use the verdict Rejected or None.");
        (await RecordAsync(Review("vid-2", "Rejected", null, "too dark"))).ShouldBe(1);
        (await RecordAsync(Review("vid-2", "None", null, null))).ShouldBe(1);
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, " and 1 other")]
    [InlineData(3, " and 2 others")]
    public async Task Each_video_that_is_missing_or_cannot_be_kept_is_counted_once(int count, string others)
    {
        Write(
        [
            .. Enumerable.Range(1, 3).SelectMany(number => new[]
            {
                Records.Intent($"e-{number}"), Records.Submitted($"e-{number}", $"vid-{number}"),
                Records.Settled($"vid-{number}", VideoStatus.Failed),
            }),
        ]);
        string[] ids = [.. Enumerable.Range(1, count).Select(number => $"vid-{number}")];
        LedgerRecord[] kept = [.. ids.Concat(ids).Select(id => Review(id, "Kept", null, null))];
        (await Should.ThrowAsync<FormatException>(ReviewRecorder.CheckAsync(Ledger, kept))).Message
            .ShouldBe($"The video vid-1{others} failed, so there is nothing to keep. Use the verdict Rejected or None.");
        LedgerRecord[] missing = [.. ids.Concat(ids).Select(id => Review($"{id}-x", "Kept", null, null))];
        (await ShouldFailAsync(ReviewRecorder.CheckAsync(Ledger, missing), ChuiziErrorKind.VideoNotFound)).Message
            .ShouldBe($"The ledger '{LedgerPath}' does not have the video vid-1-x{others}. Nothing was recorded.");
    }

    [Fact]
    public async Task A_check_counts_the_videos_and_writes_nothing()
    {
        Write(s_videos);
        LedgerRecord[] decisions =
            [Review("vid-1", "Kept", null, null), Review("vid-1", null, 4, null), Review("vid-2", "Rejected", null, null)];
        (await ReviewRecorder.CheckAsync(Ledger, decisions)).ShouldBe(2);
        Lines.Length.ShouldBe(s_videos.Length);
    }

    [Fact]
    public async Task A_decision_about_a_video_whose_line_does_not_name_an_origin_is_recorded()
    {
        Write(Records.Intent("e", origin: null!), Records.Submitted("e", "vid-1", origin: null!));
        (await RecordAsync(Review("vid-1", "Kept", null, null))).ShouldBe(1);
        Records.Read(LedgerPath).OfId("vid-1").Single().ToVideo().Verdict.ShouldBe("Kept");
    }

    [Fact]
    public async Task A_decision_of_this_moment_is_recorded_even_if_it_changes_nothing()
    {
        Write([.. s_videos, Review("vid-1", "Kept", 4, null, Records.Noon)]);
        (int recorded, IReadOnlyList<Video> videos) =
            await ReviewRecorder.RecordAsync(Ledger, [Review("vid-1", "Kept", null, "new", s_now)], s_now);
        (recorded, videos.Single().Id, videos[0].Verdict, videos[0].Rating, videos[0].Note).ShouldBe((1, "vid-1", "Kept", 4, "new"));
        LedgerRecord line = LedgerSerializer.Read(Encoding.UTF8.GetBytes(Lines[^1])).ShouldNotBeNull();
        (line.Step, line.Id, line.Origin, line.Verdict, line.Rating, line.Note, line.Decided)
            .ShouldBe((LedgerStep.Reviewed, "vid-1", Records.Api, "Kept", null, "new", s_now));
        (await RecordAsync(Review("vid-1", "Kept", null, null, s_now.AddSeconds(1)), s_now.AddSeconds(1))).ShouldBe(1);
        (await RecordAsync(Review("vid-1", "Kept", null, null, s_now.AddSeconds(1)), s_now.AddSeconds(1))).ShouldBe(0);
    }

    [Fact]
    public async Task A_ledger_that_does_not_exist_is_not_created()
    {
        Task check = Task.Run(() => ReviewRecorder.CheckAsync(Ledger, [Review("vid-1", "Kept", 1, null)]));
        (await ShouldFailAsync(check, ChuiziErrorKind.LedgerNotFound)).Message
            .ShouldBe($"Ledger not found: '{LedgerPath}'. Nothing was recorded.");
        Home.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_longest_note_survives_the_ledger()
    {
        Write(s_videos);
        string note = string.Concat(Enumerable.Repeat("名\"\n🎬", LedgerReview.LongestNote))[..LedgerReview.LongestNote].Trim();
        note = note.PadRight(LedgerReview.LongestNote, 'x');
        (await RecordAsync(Read(note))).ShouldBe(1);
        Video().Note.ShouldBe(note);
        Should.Throw<FormatException>(() => Read(note + "x")).Message.ShouldBe("Note has 4,097 characters. Use at most 4,096.");

        static LedgerRecord Read(string note) =>
            ReviewReader.Read("vid-1", Records.Api, new Dictionary<string, object?> { ["Note"] = note }, new Dictionary<string, object?>());
    }

    private static LedgerRecord Review(
        string id, string? verdict, int? rating, string? note, DateTime? decided = null, string origin = Records.Api) => new()
    {
        Step = LedgerStep.Reviewed, Id = id, Origin = origin, At = Records.Noon, Verdict = verdict, Rating = rating, Note = note,
        Decided = decided,
    };

    private static (string? Verdict, int? Rating, string? Note) Told(Video video) => (video.Verdict, video.Rating, video.Note);

    private Video Video() => Records.Read(LedgerPath).OfId("vid-1").Single(entry => entry.Origin == Records.Api).ToVideo();

    private async Task<int> RecordAsync(LedgerRecord decision, DateTime? now = null) =>
        (await ReviewRecorder.RecordAsync(Ledger, [decision], now ?? s_now)).Recorded;
}
