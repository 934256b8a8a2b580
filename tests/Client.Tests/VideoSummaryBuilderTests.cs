using System.Globalization;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests;

/// <summary>The summary of a call: what happened to each video, and the exit code for a script.</summary>
public sealed partial class VideoSummaryBuilderTests
{
    private static readonly ManualClock s_clock = new();

    [Theory]
    [InlineData("", false, 0, 0)]
    [InlineData("", true, 1, 1)]
    [InlineData("saved saved", false, 0, 0)]
    [InlineData("saved saved", true, 2, 2)]
    [InlineData("saved failed", true, 3, 3)]
    [InlineData("saved failed processing", true, 2, 2)]
    [InlineData("saved unknown", true, 3, 3)]
    [InlineData("unknown processing", true, 2, 2)]
    [InlineData("saved skipped", true, 2, 2)]
    [InlineData("failed", true, 3, 3)]
    [InlineData("saved succeeded", false, 0, 2)]
    public void The_exit_code_says_whether_a_rerun_can_help(string statuses, bool hadErrors, int whenWaiting, int whenSaving)
    {
        foreach ((bool wantsFiles, int expected) in new[] { (false, whenWaiting), (true, whenSaving) })
        {
            VideoSummaryBuilder tally = new(wantsFiles, s_clock);
            foreach (string status in statuses.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                tally.Add(
                    new Video
                    {
                        Id = Guid.NewGuid().ToString(),
                        Status = status == "saved" ? VideoStatus.Succeeded : status,
                        Path = status == "saved" ? "/a.mp4" : null,
                    });
            }

            tally.Finish(hadErrors).ExitCode.ShouldBe(expected, $"{statuses}, {(wantsFiles ? "saving" : "waiting")}");
        }
    }

    [Fact]
    public void Every_video_is_counted_once_and_every_unfinished_one_has_a_reason() =>
        Gen.Select(
                Gen.OneOf("processing", "succeeded", "failed", "unknown", "skipped", "a word of the API's"),
                Gen.Bool,
                Gen.Bool,
                (status, isSaved, hasId) => (status, isSaved, hasId))
            .Array[0, 30]
            .Select(Gen.Bool)
            .Sample(
                (videos, wantsFiles) =>
                {
                    VideoSummaryBuilder tally = new(wantsFiles, s_clock);
                    foreach ((string status, bool isSaved, bool hasId) in videos)
                    {
                        tally.Add(
                            new Video
                            {
                                Status = status,
                                Id = hasId ? "v" : null,
                                Path = isSaved ? "p" : null,
                            });
                    }

                    VideoSummary summary = tally.Finish(false);
                    int done = wantsFiles ? summary.Saved : summary.Succeeded;
                    summary.Total.ShouldBe(videos.Length);
                    (summary.Succeeded + summary.Failed + summary.Processing + summary.Unknown + summary.Skipped).ShouldBe(summary.Total);
                    summary.Saved.ShouldBeLessThanOrEqualTo(summary.Succeeded);
                    summary.Problems.Sum(failure => failure.Count).ShouldBe(summary.Total - done);
                    (summary.ExitCode == 0).ShouldBe(done == summary.Total);
                });

    [Fact]
    public void Failures_are_grouped_by_reason_and_failed_videos_by_API_message()
    {
        VideoSummaryBuilder tally = new(wantsFiles: true, s_clock);
        tally.Add(Failed("a", "Content policy violation"));
        TimedOut("b");
        tally.Add(Failed("c", "Out of capacity"));
        TimedOut("d");
        tally.Add(Failed("e", "Content policy violation"));
        TimedOut("f");
        tally.Refuse(new FailureReason("NoVideoId", "This row has no Id."));

        VideoSummary summary = tally.Finish(true);

        summary
            .Problems.Select(failure => $"{failure} ({string.Join(' ', failure.Ids)})")
            .ShouldBe([
                "3 WaitTimeout: The video b is not finished. (b d f)",
                "2 GenerationFailed: Content policy violation (a e)",
                "1 GenerationFailed: Out of capacity (c)",
                "1 NoVideoId: This row has no Id. ()",
            ]);
        (summary.Total, summary.Failed, summary.Processing).ShouldBe((7, 4, 3));

        static Video Failed(string id, string why) =>
            new()
            {
                Id = id,
                Status = VideoStatus.Failed,
                Error = new VideoError { Message = why },
            };
        void TimedOut(string id) => tally.Add(new Video { Id = id }, new FailureReason("WaitTimeout", $"The video {id} is not finished."));
    }

    [Theory]
    [InlineData("VideoNotFound", 1, 3)]
    [InlineData("RequestRejected", 1, 3)]
    [InlineData("ServerError", 0, 2)]
    [InlineData("CostLimitReached", 0, 3)]
    [InlineData("DeadlineReached", 0, 2)]
    public void A_permanent_error_counts_as_failed(string reason, int failed, int exitCode)
    {
        VideoSummaryBuilder tally = new(wantsFiles: false, s_clock);
        tally.Add(new Video { Id = "v" }, new FailureReason(reason, "no"));

        VideoSummary summary = tally.Finish(true);

        (summary.Failed, summary.ExitCode).ShouldBe((failed, exitCode));
    }

    [Fact]
    public void A_video_passed_twice_is_billed_once_and_an_unknown_cost_is_not_zero()
    {
        VideoSummaryBuilder tally = new(wantsFiles: false, s_clock);
        foreach (
            Video video in new Video[]
            {
                new()
                {
                    Id = "a",
                    Status = VideoStatus.Succeeded,
                    Cost = 0.15m,
                    Latency = 10,
                },
                new()
                {
                    Id = "a",
                    Status = VideoStatus.Succeeded,
                    Cost = 0.15m,
                    Latency = 10,
                },
                new()
                {
                    Id = "a",
                    Origin = "https://elsewhere",
                    Status = VideoStatus.Succeeded,
                    Cost = 0.5m,
                    Latency = 30,
                },
                new() { Id = "b", Status = VideoStatus.Succeeded },
                new() { Id = "c", Status = VideoStatus.Failed },
                new() { Status = VideoStatus.Unknown },
                new() { Status = VideoStatus.Unknown },
                new() { Status = VideoStatus.Skipped },
            })
        {
            tally.Add(video);
        }

        VideoSummary summary = tally.Finish(false);

        (summary.Cost, summary.CostUnknown).ShouldBe((0.65m, 3));
        (summary.MedianLatency, summary.LongestLatency).ShouldBe((20, 30));
        summary.ToString().ShouldBe("8 videos: 4 finished but not saved, 1 failed, 2 unknown outcome, 1 not submitted; cost at least $0.65, elapsed 0s");
    }

    [Fact]
    public void Times_are_those_of_the_call()
    {
        ManualClock clock = new();
        DateTime before = clock.GetUtcNow().UtcDateTime;
        VideoSummaryBuilder tally = new(wantsFiles: false, clock);
        clock.Advance(TimeSpan.FromMinutes(3));
        VideoSummary summary = tally.Finish(false);

        (summary.Started, summary.Ended, summary.Elapsed).ShouldBe((before, before.AddMinutes(3), 180));
        summary.Ended.Kind.ShouldBe(DateTimeKind.Utc);
        string.Create(CultureInfo.InvariantCulture, $"{summary}").ShouldBe("0 videos; cost $0.00, elapsed 3m");
    }

    /// <summary>The exit code of each error id, from the table in docs/guides/runbooks.md.</summary>
    public static TheoryData<string, int> ExitCodes
    {
        get
        {
            TheoryData<string, int> codes = [];
            string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "guides", "runbooks.md"));
            foreach (Match row in ExitCodeRow().Matches(guide))
            {
                foreach (string id in row.Groups["ids"].Value.Split(", "))
                {
                    codes.Add(id.Trim('`'), row.Groups["code"].Value == "3" ? 3 : 2);
                }
            }

            return codes;
        }
    }

    [Theory]
    [MemberData(nameof(ExitCodes))]
    public void Each_error_has_the_exit_code_of_the_guide(string id, int code)
    {
        VideoSummaryBuilder tally = new(wantsFiles: true, TimeProvider.System);
        if (id is "InvalidInput" or "NoVideoId")
        {
            tally.Refuse(new FailureReason(id, "m"));
        }
        else
        {
            tally.Add(new Video { Id = "vid-1", Status = VideoStatus.Processing }, new FailureReason(id, "m"));
        }

        tally.Finish(hadErrors: true).ExitCode.ShouldBe(code);
    }

    [Fact]
    public void The_guide_has_every_error_id_once()
    {
        string[] ids = [.. ExitCodes.Select(row => row.Data.Item1)];
        ids.Distinct().Count().ShouldBe(ids.Length);
        string explained = File.ReadAllText(Path.Combine(Repository.Root, "docs", "en-US", "about_Chuizi_Video_Errors.md"));
        ids.ShouldBe(ErrorItem().Matches(explained).Select(match => match.Groups["id"].Value), ignoreOrder: true);
    }

    [GeneratedRegex("^- `(?<id>[A-Za-z]+)`:", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorItem();

    [GeneratedRegex(@"^\| (?<code>1 if [^|]*|2|3) \| (?<ids>`[A-Za-z`, ]+`) \|$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ExitCodeRow();
}
