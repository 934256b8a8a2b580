using System.Globalization;
using Chuizi.Video.Benchmarks.Measuring;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Submitting;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks;

/// <summary>
/// Batches whose videos take from 30 to 180 s, on a clock that jumps from timer to timer: how much later than its last video the batch
/// ends, and how many requests it needs, compared with an oracle that polls each video once, at the moment it finishes.
/// </summary>
internal static class GenerationBenchmark
{
    private const double MakespanAtMost = 1.05;
    private const double RequestsAtMost = 3;

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(180);

    public static void Run(Report report)
    {
        foreach (int rows in new[] { 10, 100, 300 })
        {
            Batch[] batches = [.. Enumerable.Range(1, Rounds.Count).Select(seed => RunAsync(rows, seed).GetAwaiter().GetResult())];
            string what = string.Create(
                CultureInfo.InvariantCulture,
                $"{rows:N0} videos of {s_shortest.TotalSeconds:0} to {s_longest.TotalSeconds:0} s, a model never seen");
            // Ten videos in a few minutes put no load on the API, so the user's waiting time counts more than the requests.
            report.Tell($"{what}: the batch's time beside the oracle's", "", [.. batches.Select(batch => batch.Makespan)], MakespanAtMost);
            report.Tell(
                "  requests beside the oracle's two a video",
                "",
                [.. batches.Select(batch => batch.Requests)],
                rows >= 100 ? RequestsAtMost : null);
            report.Tell("  from a video's end to its discovery, on average", "s", [.. batches.Select(batch => batch.Lag)]);
        }
    }

    private static async Task<Batch> RunAsync(int rows, int seed)
    {
        ManualClock clock = new();
        using SandboxServer sandbox = SandboxServer.Start(
            new SandboxOptions
            {
                Clock = clock,
                GenerationTime = s_shortest,
                GenerationTimeMaximum = s_longest,
                Seed = seed,
                Balance = 1_000_000,
            });
        Random random = new(seed);
        ChuiziClient client = new(
            ApiConnection.Create(sandbox.ApiKey, sandbox.BaseAddress.OriginalString),
            new ChuiziClientOptions
            {
                // A real request limit would be meaningless on a clock that jumps.
                Clock = clock,
                Random = () =>
                {
                    lock (random)
                    {
                        return random.NextDouble();
                    }
                },
                GetTimeout = TimeSpan.FromDays(1),
                PostTimeout = TimeSpan.FromDays(1),
            });
        VideoWaiter waiter = new(client, new WaitOptions());
        Task waiting = waiter.RunAsync(CancellationToken.None);
        PlannedRow[] list = [.. Enumerable.Range(0, rows).Select(Row)];
        await new BatchSubmitter(client, 16, SubmissionClaims.InMemory(client.Connection.Origin)).RunAsync(
            list, row => waiter.Add(row.ToVideo(), isNew: true), CancellationToken.None);
        waiter.Complete();
        DateTimeOffset start = clock.GetUtcNow();
        Dictionary<string, SandboxJob> jobs = sandbox.Jobs.ToDictionary(job => job.Id);
        List<double> lags = [];
        while (await NextAsync(waiter, clock))
        {
            while (waiter.Outcomes.TryRead(out WaitOutcome? outcome))
            {
                lags.Add((clock.GetUtcNow().UtcDateTime - jobs[outcome.Video.Id!].Ends).TotalSeconds);
            }
        }

        await waiting;
        double oracle = jobs.Values.Max(job => job.Ends - start.UtcDateTime).TotalSeconds;
        return lags.Count == rows
            ? new Batch((clock.GetUtcNow() - start).TotalSeconds / oracle, sandbox.Requests.Count / (2.0 * rows), lags.Average())
            : throw new InvalidOperationException($"{lags.Count} of {rows} videos finished.");
    }

    /// <summary>Waits for the next videos, and advances the clock whenever no request is in flight.</summary>
    private static async Task<bool> NextAsync(VideoWaiter waiter, ManualClock clock)
    {
        Task<bool> come = waiter.Outcomes.WaitToReadAsync().AsTask();
        int quiet = 0;
        while (!come.IsCompleted)
        {
            quiet = waiter.Progress.Polling == 0 && ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
            if (quiet > 1 && clock.NextDue is { } due)
            {
                quiet = 0;
                TimeSpan wait = due - clock.GetUtcNow();
                clock.Advance(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            }

            await Task.Delay(quiet > 0 ? 1 : 0);
        }

        return await come;
    }

    private sealed record Batch(double Makespan, double Requests, double Lag);

    private static PlannedRow Row(int position)
    {
        VideoRequest request = new() { Model = "google/veo-3.1-lite", Prompt = $"a prompt {position}" };
        return new PlannedRow(position, new CheckedRow(position + 1, request, [], []), null, null, default);
    }
}
