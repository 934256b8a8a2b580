using System.Globalization;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Tests.BadInput;
using CsCheck;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Test-ChuiziVideo says what New-ChuiziVideo then does, and submits nothing.</summary>
public sealed class TestChuiziVideoTests : IDisposable
{
    private static readonly string?[] s_prompts = ["a kite", "a boat", "forbidden", "lost", "a kite", "", "a tree"];
    private static readonly string?[] s_durations = ["4", "6", "8", null, "4", "abc"];
    private static readonly string[] s_verdicts = [VideoVerdict.Kept, VideoVerdict.Rejected, VideoVerdict.Rejected];

    private readonly Shell _shell;

    public TestChuiziVideoTests()
    {
        FastClock clock = new(10);
        _shell = new Shell(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1_000_000, Clock = clock }, clock: clock);
        _shell.Server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.DropAfterAcceptance,
            Route = SandboxRoute.Submit,
            Match = request => request.Body!.Contains("\"lost\"", StringComparison.Ordinal),
        });
    }

    public void Dispose() => _shell.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void Every_row_is_an_object_with_what_happens_to_it()
    {
        _shell.Run("""
            'done', 'saved', 'forbidden', 'lost' | New-ChuiziVideo -Ledger run.jsonl -Duration 4 -ErrorAction Ignore |
                Wait-ChuiziVideo -ErrorAction Ignore | Where-Object Prompt -EQ 'done' | Save-ChuiziVideo out -ErrorAction Ignore
            """);
        int posts = _shell.Posts.Count;
        Outcome plan = _shell.Run("""
            $list = 'done', 'saved', 'forbidden', 'lost', 'new', 'forbidden', '' |
                ForEach-Object { [pscustomobject]@{ Prompt = $_; Duration = 4; Scene = 'x' } }
            $list | Test-ChuiziVideo -Ledger run.jsonl -SkipInvalid -MaxCost 0.5
            """).ShouldBeClean();
        plan.Texts("Action").ShouldBe(["Done", "Save", "Failed", "Unknown", "Send", "Skip", "Invalid"]);
        plan.Texts("Row").ShouldBe(["1", "2", "3", "4", "5", "6", "7"]);
        plan.Texts("PriceSource").ShouldBe(["None", "None", "None", "None", "Listed", "Listed", "None"]);
        plan.Values("EstimatedCost").ShouldBe([null, null, null, null, 0.12m, 0.12m, null]);
        plan.Texts("Problem")[2].ShouldBe("Content policy violation");
        plan.Texts("Problem")[3].ShouldStartWith("Submitted at ");
        plan.Texts("Problem")[5].ShouldStartWith("$0.12 would exceed a limit: ");
        plan.Texts("Problem")[6].ShouldBe("Prompt is blank. Describe the video, or remove the row.");
        plan.Texts("Fix").Select(fix => fix?.Split(' ')[0]).ShouldBe([null, null, "-RetryFailed", "Look", null, "Raise", "Correct"]);
        plan.Texts("Id").Select(id => id is null).ShouldBe([false, false, false, true, true, true, true]);
        File.Exists(plan.Texts("Path")[0]).ShouldBeTrue();
        plan.Output[4].Properties["Input"].Value.ShouldBeOfType<PSObject>().Properties["Scene"].Value.ShouldBe("x");
        _shell.Posts.Count.ShouldBe(posts);
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("'new' | Test-ChuiziVideo -Quiet", true)]
    [InlineData("'new', '' | Test-ChuiziVideo -Quiet", false)]
    [InlineData("'new', 'newer' | Test-ChuiziVideo -Quiet -Duration 4 -MaxCost 0.2", false)]
    [InlineData("'new', 'newer' | Test-ChuiziVideo -Quiet -Duration 4 -MaxCost 0.24", true)]
    [InlineData("'lost' | Test-ChuiziVideo -Quiet -Ledger run.jsonl", false)]
    [InlineData("'lost' | Test-ChuiziVideo -Quiet -Ledger run.jsonl -Resubmit", true)]
    [InlineData("'forbidden', 'done' | Test-ChuiziVideo -Quiet -Ledger run.jsonl", true)]
    [InlineData("'new' | Test-ChuiziVideo -Quiet -Model other/model -MaxCost 5", false)]
    public void Quiet_returns_whether_nothing_is_invalid_unknown_or_beyond_a_limit(string command, bool expected)
    {
        _shell.Run("'done', 'forbidden', 'lost' | New-ChuiziVideo -Ledger run.jsonl -ErrorAction Ignore | Wait-ChuiziVideo -ErrorAction Ignore");
        Outcome answer = _shell.Run(command);
        answer.Errors.ShouldBeEmpty();
        answer.Output.Single().BaseObject.ShouldBe(expected);
    }

    [Fact]
    public void A_video_that_was_refused_before_is_told_with_its_date_and_reason()
    {
        _shell.Run("'forbidden' | New-ChuiziVideo -Ledger earlier.jsonl | Wait-ChuiziVideo -ErrorAction Ignore");
        Outcome plan = _shell.Run("' forbidden ', 'a kite' | Test-ChuiziVideo -Model veo-3.1").ShouldBeClean();
        plan.Texts("Action").ShouldBe(["Send", "Send"]);
        plan.Texts("Problem").ShouldBe(
        [
            $"A video with this prompt was refused on {DateTime.UtcNow:yyyy-MM-dd} by google/veo-3.1-lite: Content policy violation",
            null,
        ]);
    }

    [Fact]
    public async Task A_model_that_is_new_gone_or_dearer_than_the_ledger_saw_is_told()
    {
        string origin = _shell.Server.BaseAddress.GetLeftPart(UriPartial.Authority);
        LedgerRecord Line(string step, string model, int number) => new()
        {
            Step = step,
            Entry = $"e{number}",
            Origin = origin,
            Run = "r",
            Id = step == LedgerStep.Intent ? null : $"vid-{number}",
            Model = model,
            Duration = 4,
            Status = step == LedgerStep.Settled ? VideoStatus.Succeeded : null,
            Cost = step == LedgerStep.Settled ? 0.04m : null,
        };
        await VideoLedger.At(Path.Combine(_shell.Folder, "run.jsonl")).AppendAsync(
            Line(LedgerStep.Intent, "google/veo-3.1-lite", 1), Line(LedgerStep.Settled, "google/veo-3.1-lite", 1),
            Line(LedgerStep.Intent, "other/video-9", 2), Line(LedgerStep.Settled, "other/video-9", 2));
        _shell.Run("""
            'google/veo-3.1-lite', 'other/video-9', 'wan2.6-t2v' |
                ForEach-Object { [pscustomobject]@{ Prompt = 'a'; Model = $_; Duration = 4 } } |
                Test-ChuiziVideo -Ledger run.jsonl -WarningAction Ignore
            """).Texts("Problem").ShouldBe(
        [
            "The price of google/veo-3.1-lite has changed: Dearer (was $0.01/s).", "The API no longer lists the model other/video-9.", null,
        ]);
    }

    [Fact]
    public void A_long_list_says_how_long_it_takes_at_the_limit_of_the_key()
    {
        using Shell shell = new(new SandboxOptions { RequestsPerMinute = 10 });
        Outcome plan = shell.Run("1..12 | ForEach-Object { \"p$_\" } | Test-ChuiziVideo -Duration 4 6>&1");
        plan.Output[^1].ToString().ShouldBe(
            "Total: 12 videos to submit, $1.44 estimated. 12 with google/veo-3.1-lite ($1.44). At 10 requests a minute, they take about 3 "
            + "minutes.");
    }

    [Fact]
    public void Without_a_connection_the_rows_are_checked_all_the_same()
    {
        using Shell shell = new(connect: false);
        Outcome plan = shell.Run("'a', '' | Test-ChuiziVideo -SkipInvalid");
        plan.Errors.ShouldBeEmpty();
        plan.Texts("Action").ShouldBe(["Send", "Invalid"]);
        shell.Run("Set-Content run.jsonl ''; 'a' | Test-ChuiziVideo -Ledger run.jsonl -Quiet").Output.Single().BaseObject
            .ShouldBe(false, "the row may be in the ledger");
    }

    // The same command line with either cmdlet, over random lists and histories.
    [Trait("Speed", "Medium")]
    [Fact]
    public void What_is_marked_Send_is_what_is_then_submitted()
    {
        int round = 0;
        Gen<string> rows = Gen.Select(
                Gen.Int[0, s_prompts.Length - 1], Gen.Int[0, s_durations.Length - 1], Gen.Int[0, 5], Gen.Bool)
            .Select((prompt, duration, takes, isStated) => string.Create(
                CultureInfo.InvariantCulture,
                $"[pscustomobject]@{{ Prompt = '{s_prompts[prompt]}'; Duration = '{s_durations[duration]}'; ")
                + $"TakeCount = '{(takes is 2 or 3 ? takes : "")}'; EstimatedCost = '{(isStated ? "0.2" : "")}' }}")
            .Array[1, 6].Select(list => string.Join("\n", list));
        Gen<string> options = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Int[0, 2])
            .Select((retry, limit, skips, stops, takes) =>
                (retry switch { 1 => " -RetryFailed", 2 => " -Resubmit", 3 => " -RetryRejected", 4 => " -RetryFailed -Resubmit", _ => "" })
                + (limit > 2 ? string.Create(CultureInfo.InvariantCulture, $" -MaxCost {limit * 0.2m}") : "")
                + (skips ? " -SkipInvalid" : "") + (stops ? " -StopAtLimit" : "") + (takes == 2 ? " -TakeCount 2" : ""));
        Gen.Select(rows, rows, options, Gen.Int[0, 100]).Try(
            run =>
            {
                (string first, string second, string option, int seed) = run;
                string ledger = $"r{++round}.jsonl";
                _shell.Run($"@({first}) | New-ChuiziVideo -Ledger {ledger} -SkipInvalid -ErrorAction Ignore -WarningAction Ignore | "
                    + "Wait-ChuiziVideo -ErrorAction Ignore").Thrown.ShouldBeNull();
                Judge(Path.Combine(_shell.Folder, ledger), new Random(seed));
                string arguments = $"-Ledger {ledger}{option}";
                int posts = _shell.Posts.Count;
                int jobs = _shell.Server.Jobs.Count;

                Outcome plan = _shell.Run($"@({first}\n{second}) | Test-ChuiziVideo {arguments} -WarningAction Ignore");
                plan.Errors.ShouldBeEmpty();
                _shell.Posts.Count.ShouldBe(posts);
                _shell.Run($"@({first}\n{second}) | New-ChuiziVideo {arguments} -ErrorAction Ignore -WarningAction Ignore");

                PSObject[] sent = [.. plan.Output.Where(row => Equals(row.Properties["Action"].Value, "Send"))];
                _shell.Posts.Skip(posts).Select(post => PromptOf(post.Body!)).Order(StringComparer.Ordinal)
                    .ShouldBe(sent.Select(row => (string)row.Properties["Prompt"].Value).Order(StringComparer.Ordinal), arguments);
                decimal planned = sent.Sum(row => (decimal)row.Properties["EstimatedCost"].Value);
                decimal paid = _shell.Server.Jobs.Skip(jobs).Sum(job => job.Cost);
                bool isExact = sent.All(row => row.Properties["PriceSource"].Value is "Listed"
                    && _shell.Server.Jobs.Skip(jobs).All(job => job.Duration is 4 or 6));
                if (isExact)
                {
                    planned.ShouldBe(paid);
                }
                else
                {
                    planned.ShouldBeGreaterThanOrEqualTo(paid);
                }
            },
            times: 160);
    }

    private static string PromptOf(string body) => System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("prompt").GetString()!;

    private static void Judge(string ledger, Random random)
    {
        if (!File.Exists(ledger))
        {
            return;
        }

        LedgerRecord[] reviews =
        [
            .. LedgerListing.Read(ledger, out _).Where(entry => entry.Video.Id is not null && random.Next(3) > 0)
                .Select(entry => new LedgerRecord
                {
                    Step = LedgerStep.Reviewed,
                    Id = entry.Video.Id,
                    Origin = entry.Origin,
                    Verdict = s_verdicts[random.Next(s_verdicts.Length)],
                }),
        ];
        VideoLedger.At(ledger).AppendAsync(reviews).Wait(TestContext.Current.CancellationToken);
    }
}
