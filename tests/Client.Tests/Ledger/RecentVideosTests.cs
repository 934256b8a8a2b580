using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class RecentVideosTests : LedgerTest
{
    [Fact]
    public void The_newest_videos_come_first_with_prompt_status_and_ledger()
    {
        Write([.. Job(1), .. Job(3), .. Job(2), Records.Settled("vid-3", VideoStatus.Succeeded, 0.3m)]);
        IReadOnlyList<Video> videos = Read();
        videos
            .Select(video => (video.Id, video.Prompt, video.Status))
            .ShouldBe([
                ("vid-3", "prompt 3", VideoStatus.Succeeded),
                ("vid-2", "prompt 2", VideoStatus.Processing),
                ("vid-1", "prompt 1", VideoStatus.Processing),
            ]);
        videos.ShouldAllBe(video => video.Ledger == LedgerPath);
    }

    [Fact]
    public void Submissions_without_an_id_or_of_another_origin_are_omitted()
    {
        Write([
            Records.Intent("lost"),
            .. Job(1),
            Records.Intent("else", origin: Records.Elsewhere),
            Records.Submitted("else", "vid-else", origin: Records.Elsewhere),
        ]);
        Read().Select(video => video.Id).ShouldBe(["vid-1"]);
        RecentVideos.Read([LedgerPath], null, 50, Eventually.Patience).Count.ShouldBe(2);
    }

    [Fact]
    public void Only_the_last_video_of_a_re_submitted_row_is_returned()
    {
        Write(
            Records.Intent("e1", "row"), Records.Submitted("e1", "vid-old", "row"), Records.Settled("vid-old", VideoStatus.Failed),
            Records.Intent("e2", "row"), Records.Submitted("e2", "vid-new", "row"));
        Read().Select(video => video.Id).ShouldBe(["vid-new"]);
    }

    [Fact]
    public void Ledgers_are_read_until_there_are_enough_videos_without_duplicates()
    {
        string other = Home.Write("other.jsonl", Records.Bytes([.. Job(1), .. Job(9)]));
        string never = Home.Write("never.jsonl", Records.Bytes(Job(10)));
        Write([.. Job(1), .. Job(2)]);
        RecentVideos
            .Read([LedgerPath, other, never], Records.Api, 4, Eventually.Patience)
            .Select(video => video.Id)
            .ShouldBe(["vid-9", "vid-2", "vid-1"]);
    }

    [Fact]
    public void Only_the_end_of_a_long_ledger_is_read()
    {
        // 100,000 lines. The first one is not a record, which only a full read would notice.
        using (FileStream file = File.Create(LedgerPath))
        {
            file.Write("nonsense\n"u8);
            byte[] line = Records.Bytes(Job(1));
            for (int number = 0; number < 50_000; number++)
            {
                file.Write(line);
            }

            file.Write(Records.Bytes([.. Enumerable.Range(2, 60).SelectMany(Job)]));
        }

        new FileInfo(LedgerPath).Length.ShouldBeGreaterThan(20_000_000);
        int lines = 0;
        LedgerFile.ReadEnd(LedgerPath, 1024 * 1024, (_, _) => lines++).ShouldBeFalse();
        lines.ShouldBeInRange(1_000, 10_000);
        IReadOnlyList<Video> videos = Read();
        videos.Take(60).Select(video => video.Prompt).ShouldBe(Enumerable.Range(2, 60).Reverse().Select(number => $"prompt {number}"));
        videos[^1].Id.ShouldBe("vid-1");
    }

    [Fact]
    public void It_reads_further_back_if_the_end_has_no_submissions()
    {
        byte[] news = Records.Bytes([
            .. Enumerable.Range(1, 40).Select(number => Records.Settled($"vid-{number}", VideoStatus.Succeeded, 0.1m)),
        ]);
        using (FileStream file = File.Create(LedgerPath))
        {
            file.Write(Records.Bytes([.. Enumerable.Range(1, 40).SelectMany(Job)]));
            while (file.Length < 3 * 1024 * 1024)
            {
                file.Write(news);
            }
        }

        RecentVideos.Read([LedgerPath], Records.Api, 40, Eventually.Patience).Select(video => (video.Prompt!, video.Status)).ShouldBe(
            Enumerable.Range(1, 40).Reverse().Select(number => ($"prompt {number}", VideoStatus.Succeeded)));
    }

    [Fact]
    public void Damaged_and_missing_ledgers_are_skipped_without_an_error()
    {
        string damaged = Home.Write(
            "damaged.jsonl",
            [.. "nonsense\n{\"step\":\"intent\n"u8, .. Records.Bytes(Job(1)), .. "{\"step\":\"submitted\",\"entry\":\"x\""u8, 0xFF, 0]);
        string endless = Home.Write("endless.jsonl", new byte[6 * 1024 * 1024]);
        string[] files = [Home.Of("missing.jsonl"), Home.Path, "", "\0", endless, damaged, Home.Of("none/there.jsonl")];
        RecentVideos.Read(files, Records.Api, 50, Eventually.Patience).Select(video => video.Id).ShouldBe(["vid-1"]);
    }

    [Fact]
    public void A_pipe_is_not_waited_for_and_earlier_videos_are_returned()
    {
        Write(Job(1));
        Home.MakePipe("pipe.jsonl");
        // On a busy machine, the time may be over before the first ledger is read.
        Eventually.Is(
            () => RecentVideos.Read([LedgerPath, Home.Of("pipe.jsonl")], Records.Api, 50, TimeSpan.FromSeconds(1))
                .Select(video => video.Id)
                .SequenceEqual(["vid-1"]),
            "the video of the ledger before the pipe");
    }

    [Fact]
    public void ReadEnd_starts_with_a_complete_line_for_every_length() =>
        Gen.Select(Gen.Int[0, 30].Array[0, 20], Gen.Int[0, 700]).Sample((lengths, end) =>
        {
            string[] lines = [.. lengths.Select((length, number) => $"{number}:" + new string('x', length))];
            string path = Home.Write("lines.txt", System.Text.Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
            List<string> read = [];
            bool isWhole = LedgerFile.ReadEnd(path, end, (_, text) => read.Add(System.Text.Encoding.ASCII.GetString(text)));
            read.ShouldBe(lines.Skip(lines.Length - read.Count));
            read.Sum(line => line.Length + 1).ShouldBeLessThanOrEqualTo(end);
            // One more line would exceed the limit.
            (lines.Length == read.Count || read.Sum(line => line.Length + 1) + lines[^(read.Count + 1)].Length + 1 > end).ShouldBeTrue();
            isWhole.ShouldBe(read.Count == lines.Length);
        }, threads: 1);

    [Fact]
    public void A_video_whose_line_does_not_name_an_origin_is_included()
    {
        Write(Records.Intent("e", origin: null!), Records.Submitted("e", "vid-1", origin: null!));
        Read().Select(video => video.Id).ShouldBe(["vid-1"]);
    }

    [Fact]
    public void Videos_whose_intent_is_too_far_back_come_last_without_prompts()
    {
        LedgerRecord late = Records.Submitted("x", "vid-late");
        late.At = Records.Noon.AddDays(1);
        Write([.. Job(1), late]);
        Read().Select(video => (video.Id, video.Prompt)).ShouldBe([("vid-1", "prompt 1"), ("vid-late", null)]);
    }

    [Fact]
    public void The_end_of_a_file_is_enough_if_it_has_as_many_videos_as_are_missing()
    {
        string first = Home.Write("first.jsonl", Records.Bytes(Job(9)));
        using (FileStream file = File.Create(LedgerPath))
        {
            file.Write(Records.Bytes(Job(1)));
            Fill(file);
            file.Write(Records.Bytes(Job(2)));
        }

        RecentVideos.Read([first, LedgerPath], Records.Api, 2, Eventually.Patience).Select(video => video.Id).ShouldBe(["vid-9", "vid-2"]);
        RecentVideos.Read([first, LedgerPath], Records.Api, 3, Eventually.Patience).Select(video => video.Id).ShouldBe(["vid-9", "vid-2", "vid-1"]);
    }

    [Fact]
    public void What_was_found_at_the_end_is_returned_if_more_of_the_file_cannot_be_read()
    {
        using (FileStream file = File.Create(LedgerPath))
        {
            file.Write(Records.Bytes(Job(1)));
            file.Write([.. Enumerable.Repeat((byte)'x', 5_000_000), (byte)'\n']);
            Fill(file);
            file.Write(Records.Bytes(Job(2)));
        }

        Read().Select(video => video.Id).ShouldBe(["vid-2"]);
    }

    [Fact]
    public void A_blob_is_read_once_as_a_whole_and_one_that_cannot_be_read_is_skipped()
    {
        AppendBlobServer forbidden = Own(new AppendBlobServer());
        forbidden.Fault = _ => AppendBlobServer.Error(403, "AuthorizationFailure");
        AppendBlobServer overlong = Own(new AppendBlobServer());
        overlong.Content = [.. Records.Bytes(Job(1)), .. Enumerable.Repeat((byte)'x', 5_000_000)];
        AppendBlobServer blob = Own(new AppendBlobServer());
        blob.Add(Job(2));
        IReadOnlyList<Video> videos =
            RecentVideos.Read([forbidden.Path, overlong.Path, blob.Path], Records.Api, 50, Eventually.Patience);
        videos.Select(video => (video.Id, video.Ledger)).ShouldBe([("vid-2", blob.Path), ("vid-1", overlong.Path)]);
        blob.Requests.ShouldHaveSingleItem();
    }

    private static LedgerRecord[] Job(int number)
    {
        LedgerRecord intent = Records.Intent($"e-{number}");
        intent.At = Records.Noon.AddMinutes(number);
        intent.Prompt = $"prompt {number}";
        return [intent, Records.Submitted($"e-{number}", $"vid-{number}")];
    }

    /// <summary>Adds more than is read at first, without a video.</summary>
    private static void Fill(FileStream file)
    {
        byte[] line = Records.Bytes(new LedgerRecord { Step = LedgerStep.Alive, Run = Records.DeadRun, At = Records.Noon });
        for (long end = file.Length + (2 * 1024 * 1024); file.Position < end;)
        {
            file.Write(line);
        }
    }

    private IReadOnlyList<Video> Read() => RecentVideos.Read([LedgerPath], Records.Api, 50, Eventually.Patience);
}
