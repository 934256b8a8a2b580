using System.Text;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Decisions about videos: what is accepted, what is written, and which one counts.</summary>
public sealed class VideoReviewsTests : LedgerTest
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
                (await VideoReviews.RecordAsync(Ledger, dated, s_now)).Recorded.ShouldBe(0, "all are recorded");
                Lines.Length.ShouldBe(lines);
            },
            iter: 60,
            threads: 1);

        async Task<(string?, int?, string?)> EndAsync(LedgerRecord[] decisions)
        {
            Write(s_videos);
            foreach (LedgerRecord one in decisions)
            {
                await VideoReviews.RecordAsync(Ledger, [one], s_now);
            }

            return Told(Video());
        }
    }

    [Fact]
    public async Task A_write_that_was_cut_off_anywhere_is_completed_by_recording_again()
    {
        Write([.. s_videos, .. Enumerable.Range(3, 20).SelectMany(Pair)]);
        long before = new FileInfo(LedgerPath).Length;
        LedgerRecord[] decisions =
            [.. Enumerable.Range(3, 20).Select(number => Review($"vid-{number}", "Kept", number % 5 + 1, $"note {number}", Records.Noon))];
        await VideoReviews.RecordAsync(Ledger, decisions, s_now);
        byte[] whole = File.ReadAllBytes(LedgerPath);

        for (long length = before; length < whole.Length; length += 37)
        {
            File.WriteAllBytes(LedgerPath, whole[..(int)length]);
            await VideoReviews.RecordAsync(Stranger(), decisions, s_now);
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
        (int recorded, IReadOnlyList<Video> videos) = await VideoReviews.RecordAsync(Ledger, both, s_now);
        (recorded, videos[0].Verdict, videos[1].Verdict).ShouldBe((1, "Kept", "Kept"));
        videos[0].Ledger.ShouldBe(LedgerPath);
    }

    [Fact]
    public async Task One_unknown_id_refuses_all_decisions_and_the_others_are_counted()
    {
        Write(s_videos);
        LedgerRecord[] decisions =
            [Review("vid-2", "Rejected", null, null), Review("vid-8", "Kept", 1, null), Review("vid-9", "Kept", 1, null)];
        foreach (Task work in (Task[])[VideoReviews.CheckAsync(Ledger, decisions), VideoReviews.RecordAsync(Ledger, decisions, s_now)])
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
        (await Should.ThrowAsync<FormatException>(VideoReviews.RecordAsync(Ledger, [decision], s_now))).Message
            .ShouldBe(
                $"The ledger '{LedgerPath}' has the video vid-1 more than once: at {Records.Api} and {Records.Elsewhere}. Add the property "
                    + "Origin with one of these addresses.");
        decision.Origin = "https://third.example";
        (await ShouldFailAsync(VideoReviews.RecordAsync(Ledger, [decision], s_now), ChuiziErrorKind.VideoNotFound)).Message
            .ShouldBe($"The ledger '{LedgerPath}' does not have the video vid-1 at https://third.example. Nothing was recorded.");
        decision.Origin = Records.Elsewhere;
        (await RecordAsync(decision)).ShouldBe(1);
        Video().Verdict.ShouldBeNull("the video of the other origin has no decision");
    }

    [Fact]
    public async Task A_failed_video_can_be_rejected_but_not_kept()
    {
        Write(s_videos);
        (await Should.ThrowAsync<FormatException>(VideoReviews.RecordAsync(Ledger, [Review("vid-2", "Kept", 5, null)], s_now))).Message
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
        (await Should.ThrowAsync<FormatException>(VideoReviews.CheckAsync(Ledger, kept))).Message
            .ShouldBe($"The video vid-1{others} failed, so there is nothing to keep. Use the verdict Rejected or None.");
        LedgerRecord[] missing = [.. ids.Concat(ids).Select(id => Review($"{id}-x", "Kept", null, null))];
        (await ShouldFailAsync(VideoReviews.CheckAsync(Ledger, missing), ChuiziErrorKind.VideoNotFound)).Message
            .ShouldBe($"The ledger '{LedgerPath}' does not have the video vid-1-x{others}. Nothing was recorded.");
    }

    [Fact]
    public async Task A_check_counts_the_videos_and_writes_nothing()
    {
        Write(s_videos);
        LedgerRecord[] decisions =
            [Review("vid-1", "Kept", null, null), Review("vid-1", null, 4, null), Review("vid-2", "Rejected", null, null)];
        (await VideoReviews.CheckAsync(Ledger, decisions)).ShouldBe(2);
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
            await VideoReviews.RecordAsync(Ledger, [Review("vid-1", "Kept", null, "new", s_now)], s_now);
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
        Task check = Task.Run(() => VideoReviews.CheckAsync(Ledger, [Review("vid-1", "Kept", 1, null)]));
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
        (await RecordAsync(Read(("Note", note)))).ShouldBe(1);
        Video().Note.ShouldBe(note);
        Should.Throw<FormatException>(() => Read(("Note", note + "x"))).Message.ShouldBe("Note has 4,097 characters. Use at most 4,096.");
    }

    [Theory]
    [InlineData("Verdict", "kept", "Kept")]
    [InlineData("Verdict", " None ", "None")]
    [InlineData("Verdict", null, null)]
    [InlineData("Verdict", "", null)]
    [InlineData("Rating", "4", 4)]
    [InlineData("Rating", 4L, 4)]
    [InlineData("Rating", 4.0, 4)]
    [InlineData("Rating", " 0 ", 0)]
    [InlineData("Rating", "1", 1)]
    [InlineData("Rating", "5", 5)]
    [InlineData("Rating", 5.0f, 5)]
    [InlineData("Rating", " ", null)]
    [InlineData("Note", " a\r\nb\rc ", "a\nb\nc")]
    [InlineData("Note", 7, "7")]
    [InlineData("Note", "", null)]
    [InlineData("Note", null, null)]
    [InlineData("Note", "key ck-0123456789abcdef0123456789abcdef", "key ck-***")]
    public void A_value_is_read_as_text_and_spreadsheets_have_it(string name, object? value, object? expected)
    {
        LedgerRecord decision = Read((name, value));
        object? read = name switch { "Verdict" => decision.Verdict, "Rating" => decision.Rating, _ => decision.Note };
        read.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Verdict", "keep", "Verdict 'keep' is not valid. Use Kept, Rejected or None.")]
    [InlineData("Verdict", 1, "Verdict '1' is not valid. Use Kept, Rejected or None.")]
    [InlineData("Rating", "6", "Rating '6' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", -1, "Rating '-1' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", 4.5, "Rating '4.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", double.NaN, "Rating 'NaN' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", true, "Rating 'True' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "five", "Rating 'five' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "-0.5", "Rating '-0.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "5.5", "Rating '5.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", '4', "Rating '4' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", DayOfWeek.Thursday, "Rating 'Thursday' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", new[] { 4 }, "Rating 'System.Int32[]' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Note", "a\u001b[2Jb", "Note 'a [2Jb' contains the control character U+001B.")]
    [InlineData("Note", "caf\ufffd", "Note 'caf\ufffd' contains the character U+FFFD")]
    [InlineData("Note", "\u200b", "contains only invisible characters")]
    [InlineData("Note", new[] { "a", "b" }, "Note is a list, not text.")]
    [InlineData("Origin", "vid-1", "Origin 'vid-1' is not valid. Use the address of the API, such as https://api.chuizi.ai.")]
    [InlineData("Origin", "file:///etc/passwd", "Origin 'file:///etc/passwd' is not valid.")]
    [InlineData("Decided", "5/6/2026", "Decided '5/6/2026' is not valid. Use a time in UTC, such as 2026-11-26T18:30:00Z.")]
    [InlineData("Decided", 1764181800, "Decided '1764181800' is not valid.")]
    public void A_wrong_value_is_refused_with_what_is_accepted(string name, object value, string message) =>
        Should.Throw<FormatException>(() => Read(("Verdict", "Kept"), (name, value))).Message.ShouldContain(message);

    [Fact]
    public void A_note_with_half_a_character_is_refused() =>
        Should.Throw<FormatException>(() => Read(("Note", "a\ud800"))).Message
            .ShouldBe("Note 'a\ud800' contains an incomplete character (an unpaired surrogate).");

    [Fact]
    public void A_time_is_not_a_rating() =>
        Should.Throw<FormatException>(() => Read(("Rating", Records.Noon))).Message
            .ShouldStartWith("Rating '01/02/2026 12:00:00' is not valid.");

    [Fact]
    public void A_row_without_a_decision_column_is_refused()
    {
        Should.Throw<FormatException>(() => Read(("Verdikt", "Kept"))).Message.ShouldBe(
            "There is no decision. Specify -Verdict, -Rating or -Note, or pipe objects with such a property.");
        foreach (string name in new[] { "Verdict", "Rating", "Note" })
        {
            LedgerRecord decision = VideoReviews.Read("vid-1", Records.Api, Cells(), Cells((name, null)));
            (decision.Step, decision.Id, decision.Origin).ShouldBe((LedgerStep.Reviewed, "vid-1", Records.Api));
            (decision.Verdict, decision.Rating, decision.Note, decision.Decided).ShouldBe((null, null, null, null));
        }

        Read(("Verdict", "")).Verdict.ShouldBeNull("a blank cell is no decision");
    }

    [Fact]
    public void An_empty_note_removes_the_note_only_on_the_command_line_and_in_a_dated_decision()
    {
        Read(("Note", ""), ("Decided", "2026-01-02T12:00:00.123Z")).Note.ShouldBe("");
        VideoReviews.Read("vid-1", null, Cells(), Cells(("Note", ""))).Note.ShouldBe("");
        Read(("Note", null), ("Decided", "2026-01-02T12:00:00.123Z")).Note.ShouldBeNull();
    }

    [Fact]
    public void Times_and_origins_are_normalized()
    {
        DateTime time = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);
        object[] same =
        [
            "2026-01-02T12:00:00Z", "2026-01-02T14:00:00.0000000+02:00", "2026-01-02T12:00", "2026-01-02 12:00:00 UTC", time,
            "2026-01-02 12:00:00Z", " 2026-01-02T12:00Z ",
            DateTime.SpecifyKind(time, DateTimeKind.Unspecified), time.ToLocalTime(),
            new DateTimeOffset(time).ToOffset(TimeSpan.FromHours(5)),
        ];
        foreach (object text in same)
        {
            DateTime decided = Read(("Verdict", "Kept"), ("Decided", text)).Decided!.Value;
            (decided, decided.Kind).ShouldBe((time, DateTimeKind.Utc));
        }

        Read(("Verdict", "Kept"), ("Origin", "https://other.example/v1/")).Origin.ShouldBe("https://other.example");
        Read(("Verdict", "Kept"), ("Origin", "http://127.0.0.1:8080/v1?a=b")).Origin.ShouldBe(Records.Elsewhere);
        Read(("Verdict", "Kept"), ("Origin", " ")).Origin.ShouldBe(Records.Api);
        Read(("Verdict", "Kept"), ("Decided", "")).Decided.ShouldBeNull();
        Read(("Note", time)).Note.ShouldBe("2026-01-02T12:00:00Z", "ConvertFrom-Json turns such a note into a time");
    }

    [Fact]
    public void The_command_line_takes_precedence_over_the_row()
    {
        LedgerRecord decision = VideoReviews.Read(
            "vid-1",
            Records.Elsewhere,
            Cells(("Verdict", "Kept"), ("Rating", 2), ("Note", "row")),
            Cells(("Verdict", "Rejected"), ("Note", "")));
        (decision.Verdict, decision.Rating, decision.Note, decision.Origin).ShouldBe(("Rejected", 2, "", Records.Elsewhere));
    }

    private static Dictionary<string, object?> Cells(params (string Name, object? Value)[] cells) =>
        cells.GroupBy(cell => cell.Name).ToDictionary(cell => cell.Key, cell => cell.Last().Value);

    private static LedgerRecord Read(params (string Name, object? Value)[] cells) =>
        VideoReviews.Read("vid-1", Records.Api, Cells(cells), Cells());

    private static LedgerRecord Review(
        string id, string? verdict, int? rating, string? note, DateTime? decided = null, string origin = Records.Api) => new()
    {
        Step = LedgerStep.Reviewed, Id = id, Origin = origin, At = Records.Noon, Verdict = verdict, Rating = rating, Note = note,
        Decided = decided,
    };

    private static (string? Verdict, int? Rating, string? Note) Told(Video video) => (video.Verdict, video.Rating, video.Note);

    private Video Video() => Records.Read(LedgerPath).OfId("vid-1").Single(entry => entry.Origin == Records.Api).ToVideo();

    private async Task<int> RecordAsync(LedgerRecord decision, DateTime? now = null) =>
        (await VideoReviews.RecordAsync(Ledger, [decision], now ?? s_now)).Recorded;
}
