using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerListingTests : LedgerTest
{
    [Fact]
    public void The_newest_submission_comes_first_regardless_of_later_lines()
    {
        LedgerRecord[] intents = [.. Enumerable.Range(0, 5).Select(number => Records.Intent($"e-{number}"))];
        int[] minutes = [3, 0, 4, 1, 2];
        for (int at = 0; at < intents.Length; at++)
        {
            intents[at].At = Records.Noon.AddMinutes(minutes[at]);
            intents[at].Prompt = $"{minutes[at]}";
        }

        Write([.. intents, Records.Submitted("e-1", "vid-1"), Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m)]);
        Read().Select(video => video.Prompt).ShouldBe(["4", "3", "2", "1", "0"]);
        Read().Last().Status.ShouldBe(VideoStatus.Succeeded);
        LedgerListing.Read(LedgerPath, out _, oldestFirst: true).Select(pair => pair.Video.Prompt).ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Submissions_of_the_same_time_stay_in_the_order_of_the_file(bool oldestFirst)
    {
        Write(Prompt("a"), Prompt("b"), Prompt("c"));
        LedgerListing.Read(LedgerPath, out _, oldestFirst).Select(pair => pair.Video.Prompt).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void The_first_video_of_a_row_is_its_first_take_if_the_row_has_more()
    {
        LedgerRecord take = Prompt("b", "1-a#1.2");
        take.Take = 2;
        LedgerRecord elsewhere = Prompt("d", "1-b#1.2");
        (elsewhere.Take, elsewhere.Origin) = (2, Records.Elsewhere);
        Write(Prompt("a", "1-a#1"), take, Prompt("c", "1-b#1"), elsewhere, Prompt("e"));
        Read().Select(video => (video.Prompt, video.Take)).ShouldBe([("a", 1), ("b", 2), ("c", null), ("d", 2), ("e", null)]);
    }

    [Fact]
    public void A_video_has_its_inputs_and_results()
    {
        LedgerRecord intent = Records.Intent("e", "k", 0.25m);
        (intent.AspectRatio, intent.Resolution, intent.Image, intent.ReferenceImage, intent.SourceVideo) = (
            "16:9",
            "720P",
            "/a.png",
            ["/b.png"],
            "https://a/v.mp4");
        Write(
            intent,
            Records.Submitted("e", "vid-1"),
            Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m),
            Records.Saved("vid-1", "/videos/a.mp4"));
        (Video video, string? origin) = LedgerListing.Read(LedgerPath, out _).Single();
        origin.ShouldBe(Records.Api);
        (video.Model, video.Prompt, video.Duration, video.AspectRatio, video.Resolution, video.Image, video.SourceVideo).ShouldBe(
            (Records.Model, "A red kite", 6, "16:9", "720P", "/a.png", "https://a/v.mp4"));
        video.ReferenceImage.ShouldBe(["/b.png"]);
        (video.Id, video.Status, video.Cost, video.Latency, video.RequestId).ShouldBe(
            ("vid-1", VideoStatus.Succeeded, 0.3m, 45, "req-vid-1"));
        (video.Url, video.Created, video.Path, video.Sha256, video.Ledger).ShouldBe(
            (
                new Uri("https://media.chuizi.ai/videos/vid-1.mp4"),
                Records.Noon.AddSeconds(-1),
                "/videos/a.mp4",
                new string('a', 64),
                LedgerPath));
    }

    [Fact]
    public void Submissions_in_flight_are_distinguished_from_abandoned_ones()
    {
        using LedgerRun run = new();
        Write(Records.Intent("e-1", run: run.Name), Records.Intent("e-2"));
        Video[] videos = Read();
        (videos[0].Status, videos[0].Error!.Message, videos[0].Created, videos[0].Elsewhere).ShouldBe(
            (VideoStatus.Processing, "Another process is submitting this row now.", Records.Noon, true));
        (videos[1].Status, videos[1].Error!.Message, videos[1].Elsewhere).ShouldBe(
            (VideoStatus.Unknown, "Submitted at 2026-01-02 12:00:00 UTC, but the process ended before a response was recorded.", false));
    }

    [Fact]
    public void A_submission_without_a_run_is_abandoned_and_does_not_hide_one_in_progress()
    {
        using LedgerRun run = new();
        Write(Records.Intent("e-1", run: null!), Records.Intent("e-2", run: run.Name), Records.Intent("e-3", run: null!));
        Read().Select(video => video.Status).ShouldBe([VideoStatus.Unknown, VideoStatus.Processing, VideoStatus.Unknown]);
    }

    [Fact]
    public void A_submission_is_in_progress_if_its_run_holds_a_lock_beside_any_of_the_ledgers()
    {
        Write(Records.Intent("e"));
        string other = Home.Write("other.jsonl", "\n"u8);
        using (new FileStream($"{other}.{Records.DeadRun}.lock", FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            foreach (string[] paths in new[] { [LedgerPath, other], new[] { other, LedgerPath } })
            {
                Video video = Submissions(paths).Single();
                (video.Status, video.Elsewhere).ShouldBe((VideoStatus.Processing, true));
            }

            Submissions(LedgerPath).Single().Status.ShouldBe(VideoStatus.Unknown);
        }
    }

    [Fact]
    public void A_re_submitted_row_lists_the_submission_with_the_current_outcome()
    {
        Write(
            Records.Intent("lost", "k1"),
            Records.Ended("lost", VideoStatus.Unknown, "reset"),
            Records.Intent("again", "k1", again: "lost"),
            Records.Submitted("again", "vid-1"),
            Records.Intent("lost-too", "k2"),
            Records.Ended("lost-too", VideoStatus.Unknown, "reset"),
            Records.Intent("withdrawn", "k2", again: "lost-too"),
            Records.Ended("withdrawn", VideoStatus.Skipped, "stopped"),
            Records.Intent("elsewhere", "k1", origin: "https://other.example"));
        Read()
            .Select(video => (video.Id, video.Status))
            .ShouldBe([("vid-1", VideoStatus.Processing), (null, VideoStatus.Unknown), (null, VideoStatus.Unknown)], ignoreOrder: true);
        Read().Count(video => video.Error?.Message == "reset").ShouldBe(1);
    }

    [Fact]
    public void Fields_without_a_video_property_are_in_its_input()
    {
        LedgerRecord intent = Records.Intent("e");
        (intent.FileName, intent.Watermark, intent.Parameter) = (
            "kite",
            false,
            System.Text.Json.JsonSerializer.SerializeToElement(
                new
                {
                    seed = 7,
                    weight = 0.5m,
                    tags = new[] { "a" },
                }));
        Write(intent, Records.Intent("plain"));
        Dictionary<string, object?> input = Read().Select(video => video.Input).OfType<Dictionary<string, object?>>().Single();
        (input["FileName"], input["Watermark"]).ShouldBe(("kite", false));
        Dictionary<string, object?> fields = input["Parameter"].ShouldBeOfType<Dictionary<string, object?>>();
        (fields["seed"], fields["weight"]).ShouldBe((7L, 0.5m));
        fields["tags"].ShouldBe(new object[] { "a" });
    }

    [Fact]
    public void An_unknown_outcome_is_listed_with_its_reason()
    {
        Write(Records.Intent("e"), Records.Ended("e", VideoStatus.Unknown, "Connection reset."));
        (Read()[0].Status, Read()[0].Error!.Message).ShouldBe((VideoStatus.Unknown, "Connection reset."));
    }

    [Fact]
    public void Damage_is_reported_with_the_file()
    {
        File.WriteAllText(LedgerPath, Records.Text(Records.Intent("e-1")) + "nonsense\n" + Records.Text(Records.Intent("e-2")));
        LedgerListing.Read(LedgerPath, out IReadOnlyList<string> damage).Count.ShouldBe(2);
        damage.ShouldBe([$"The ledger '{LedgerPath}': Line 2 is damaged and was skipped: 'nonsense'."]);
    }

    [Fact]
    public void Damage_of_a_ledger_that_could_be_read_only_in_part_is_not_reported_for_the_next_one()
    {
        string part = Home.Write(
            "part.jsonl", [.. Records.Bytes(Records.Intent("a")), .. "nonsense\n"u8, .. new byte[StreamLines.Longest + 1]]);
        File.WriteAllText(LedgerPath, Records.Text(Records.Intent("b")) + "broken\n");
        List<string> damage = [];
        List<string> failures = [];
        LedgerListing.ReadSubmissions(
                [part, LedgerPath], _ => null, damage.Add, (path, exception) => failures.Add($"{path}: {exception.Message}"), default)
            .Count().ShouldBe(2);
        damage.ShouldBe([$"The ledger '{LedgerPath}': Line 2 is damaged and was skipped: 'broken'."]);
        failures.ShouldBe(
            [$"{part}: The ledger '{part}' cannot be read: Line 3 is longer than 4 MB, so this is not a ledger."]);
    }

    [Fact]
    public void Reading_submissions_stops_when_it_is_cancelled()
    {
        using CancellationTokenSource source = new();
        int kept = 0;
        List<string> unreadable = [];
        Write(Records.Intent("a"), Records.Intent("b"));
        Should.Throw<OperationCanceledException>(() => Read(LedgerPath));
        kept.ShouldBe(1);
        Should.Throw<OperationCanceledException>(() => Read(Home.Of("missing.jsonl")));
        unreadable.ShouldBeEmpty();

        Video[] Read(string path) =>
            [.. LedgerListing.ReadSubmissions([path], Keep, _ => { }, (failed, _) => unreadable.Add(failed), source.Token)];

        LedgerRecord? Keep(LedgerRecord intent)
        {
            kept++;
            source.Cancel();
            return null;
        }
    }

    [Theory]
    [InlineData("run.jsonl")]
    [InlineData("none/run.jsonl")]
    public void A_missing_ledger_throws_LedgerNotFound(string name) =>
        Should.Throw<ChuiziException>(() => LedgerListing.Read(Home.Of(name), out _)).ShouldSatisfyAllConditions(
            exception => exception.Kind.ShouldBe(ChuiziErrorKind.LedgerNotFound),
            exception => exception.Message.ShouldBe($"Ledger not found: '{Home.Of(name)}'."));

    [Fact]
    public void A_folder_throws_LedgerUnavailable()
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => LedgerListing.Read(Home.Path, out _));
        exception.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        exception.Message.ShouldBe($"The ledger '{Home.Path}' cannot be read: {exception.InnerException.ShouldNotBeNull().Message}");
    }

    [Fact]
    public void A_path_that_is_not_valid_throws_LedgerUnavailable()
    {
        foreach (string path in new[] { "", "\0" })
        {
            Should.Throw<ChuiziException>(() => LedgerListing.Read(path, out _)).Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        }
    }

    [Fact]
    public void A_file_that_is_not_a_ledger_throws_InvalidLedger()
    {
        Home.Write("run.jsonl", "Prompt,Model\nA red kite,x\n"u8);
        ChuiziException exception = Should.Throw<ChuiziException>(() => LedgerListing.Read(LedgerPath, out _));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidLedger);
        exception.Message.ShouldBe($"'{LedgerPath}' is not a ledger: it contains no ledger records.");
    }

    [Fact]
    public void A_ledger_in_another_encoding_is_reported_with_how_to_convert_it()
    {
        Home.Write("run.jsonl", System.Text.Encoding.Unicode.GetBytes("\ufeff" + Records.Text(Records.Intent("e"))));
        using FileStream other = new(LedgerPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        ChuiziException exception = Should.Throw<ChuiziException>(() => LedgerListing.Read(LedgerPath, out _));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidLedger);
        exception.Message.ShouldBe(
            $"'{LedgerPath}' is not a ledger: it is UTF-16 text. To convert it, run: "
                + $"(Get-Content '{LedgerPath}') | Set-Content '{LedgerPath}' -Encoding utf8.");
    }

    [Fact]
    public void An_empty_ledger_has_no_videos()
    {
        Home.Write("run.jsonl", "\n"u8);
        Read().ShouldBeEmpty();
    }

    [Fact]
    public void Reading_creates_no_files()
    {
        Write(Records.Intent("e"));
        Read();
        Home.Names.ShouldBe(["run.jsonl"]);
    }

    private static LedgerRecord Prompt(string entry, string? key = null)
    {
        LedgerRecord intent = Records.Intent(entry, key);
        intent.Prompt = entry;
        return intent;
    }

    private static Video[] Submissions(params string[] paths) =>
        [.. LedgerListing.ReadSubmissions(paths, _ => null, _ => { }, (_, exception) => throw exception, default)];

    private Video[] Read() => [.. LedgerListing.Read(LedgerPath, out _).Select(pair => pair.Video)];
}
