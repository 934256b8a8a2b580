using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Submitting;

/// <summary>A row is known by what is sent, so that lists may overlap and change while any number of workers share their ledger.</summary>
public sealed class SharedListTests : LedgerTest
{
    private const int Histories = 40;

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Lists_that_overlap_and_change_between_runs_pay_no_row_twice()
    {
        SandboxServer server = Start(new SandboxOptions { Balance = 100_000 });
        for (int seed = 0; seed < Histories; seed++)
        {
            await CheckAsync(server, new Random(seed), seed);
        }
    }

    [Theory]
    [InlineData(VideoStatus.Failed, ChuiziErrorKind.RequestRejected, nameof(RowAction.IsKnown))]
    [InlineData(VideoStatus.Unknown, ChuiziErrorKind.SubmissionOutcomeUnknown, nameof(RowAction.IsUnknown))]
    public async Task Of_several_runs_that_repeat_a_submission_at_the_same_time_one_does(string status, ChuiziErrorKind kind, string action)
    {
        Write(Records.Intent("e", "k-1"), Records.Ended("e", status, key: "k-1"));
        SubmissionTerms terms = new() { Origin = Records.Api, Deduplicates = true, RetryFailed = true, Resubmit = true };
        using SubmissionClaims one = Submissions.Claims(Ledger, terms);
        using SubmissionClaims other = Submissions.Claims(Stranger(), terms);
        PlannedRow first = await Submissions.PlanAsync(1, Ledger, terms);
        PlannedRow second = await Submissions.PlanAsync(1, Ledger, terms);

        Claim claim = await one.TryClaimAsync(first);
        claim.Intent.ShouldNotBeNull().Again.ShouldBe("e");
        await one.SettledAsync(claim, new ChuiziException(kind, "The same again."));
        Claim late = await other.TryClaimAsync(second);
        (late.Action.ToString(), late.Intent).ShouldBe((action, null));

        Claim later = await other.TryClaimAsync(await Submissions.PlanAsync(1, Ledger, terms));
        later.Intent.ShouldNotBeNull("it was planned when the outcome was known").Again.ShouldBe(claim.Intent.Entry);
    }

    private async Task CheckAsync(SandboxServer server, Random random, int seed)
    {
        string name = $"{seed}.jsonl";
        List<string> list = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Prompt(random, seed))];
        Dictionary<string, int> wanted = new(StringComparer.Ordinal);
        for (int round = random.Next(1, 5); round >= 0; round--)
        {
            // The last run is one worker with the whole list, which nothing interrupts.
            string[][] lists = round == 0 ? [[.. list]] : [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Part(list, random))];
            foreach (IGrouping<string, string> row in lists.SelectMany(one => one.GroupBy(prompt => prompt)))
            {
                wanted[row.Key] = Math.Max(wanted.GetValueOrDefault(row.Key), row.Count());
            }

            bool isLast = round == 0;
            int[] interruptions =
                [.. lists.Select(one => !isLast && random.Next(3) == 0 ? random.Next(one.Length + 1) : int.MaxValue)];
            await Task.WhenAll(lists.Select((one, worker) => RunAsync(server, name, worker, one, interruptions[worker])));
            if (round > 0)
            {
                Change(list, random, seed);
            }
        }

        Dictionary<string, int> paid = server.Jobs.Where(job => job.Prompt.StartsWith($"{seed}:", StringComparison.Ordinal))
            .GroupBy(job => job.Prompt).ToDictionary(job => job.Key, job => job.Count());
        foreach ((string prompt, int count) in paid)
        {
            count.ShouldBeLessThanOrEqualTo(wanted[prompt], $"history {seed}: {prompt}");
        }

        foreach (IGrouping<string, string> row in list.GroupBy(prompt => prompt))
        {
            paid[row.Key].ShouldBeGreaterThanOrEqualTo(row.Count(), $"history {seed}: {row.Key}");
        }
    }

    /// <summary>Runs a list as one worker does, until it is stopped after some outcomes. Requests in progress are still recorded.</summary>
    private async Task RunAsync(SandboxServer server, string name, int worker, string[] prompts, int interruption)
    {
        VideoLedger ledger = worker == 0 ? VideoLedger.At(Home.Of(name))
            : VideoLedger.At(Path.Combine(Home.Path, string.Concat(Enumerable.Repeat("./", worker)), name));
        SubmissionTerms terms = new() { Origin = new Uri(server.BaseAddress, "/").GetLeftPart(UriPartial.Authority), Deduplicates = true };
        CostEstimator prices = new(terms.Origin, null, null);
        CheckedRow[] rows = [.. prompts.Select((prompt, index) => new CheckedRow(index + 1, Request(prompt), [], []))];
        SubmissionPlan plan = await ledger.ReadAsync(book => SubmissionPlanner.Make(rows, terms, prices, ledger, book));
        using CancellationTokenSource stop = new();
        int ended = 0;
        if (interruption == 0)
        {
            await stop.CancelAsync();
        }

        SubmissionClaims claims = new(ledger, terms, prices);
        try
        {
            await new BatchSubmitter(Connect(server), 3, claims).RunAsync(
                [.. plan.Rows.Where(row => row.Action == RowAction.Send)],
                row =>
                {
                    row.Failure.ShouldBeNull();
                    if (Interlocked.Increment(ref ended) == interruption)
                    {
                        stop.Cancel();
                    }
                },
                stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The token may be seen here before the claims has seen it.
            claims.Stop();
            await LedgerRun.EndOf(claims.Run.Name);
        }
    }

    private static string Prompt(Random random, int seed) => $"{seed}:{random.Next(10)}";

    /// <summary>Some rows of a list, in any order.</summary>
    private static string[] Part(List<string> list, Random random)
    {
        string[] part = [.. list.Where(_ => random.Next(4) > 0)];
        if (random.Next(2) == 0)
        {
            random.Shuffle(part);
        }

        return part;
    }

    private static void Change(List<string> list, Random random, int seed)
    {
        for (int change = random.Next(3); change > 0; change--)
        {
            if (random.Next(2) == 0 || list.Count == 0)
            {
                list.Insert(random.Next(list.Count + 1), Prompt(random, seed));
            }
            else
            {
                list.RemoveAt(random.Next(list.Count));
            }
        }

        if (random.Next(3) == 0)
        {
            list.Sort(StringComparer.Ordinal);
        }
    }
}
