using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Waiting;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Waiting;

/// <summary>Runs the sandbox and the waiter on one clock, which moves only while no poll is in flight.</summary>
public abstract class WaitTest : ClientTest
{
    internal ManualClock Clock { get; } = new();

    internal SandboxServer StartAt(TimeSpan generation, TimeSpan? longest = null) =>
        Start(new SandboxOptions { Clock = Clock, GenerationTime = generation, GenerationTimeMaximum = longest, Balance = 1000 });

    internal ChuiziClient ConnectAt(SandboxServer server, int retries = 0, string? key = null) => new(
        ApiConnection.Create(key ?? server.ApiKey, server.BaseAddress.OriginalString),
        new ChuiziClientOptions { Clock = Clock, Random = () => 0.5, Retries = retries });

    internal ChuiziClient ConnectAt(Uri address) => new(
        ApiConnection.Create(SandboxServer.DefaultApiKey, address.OriginalString),
        new ChuiziClientOptions { Clock = Clock, Random = () => 0.5, Retries = 0 });

    internal static async Task<Video[]> SubmitAsync(ChuiziClient client, int count, string prompt = "A red kite")
    {
        VideoState[] states = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => client.SubmitAsync(Request(prompt), CancellationToken.None)));
        return [.. states.Select(Made)];

        static Video Made(VideoState state)
        {
            Video video = new();
            state.ApplyTo(video);
            return video;
        }
    }

    /// <summary>Waits for all videos, moving the clock, and returns the outcome and time of each, in order.</summary>
    internal async Task<List<(WaitOutcome Outcome, TimeSpan At)>> WaitAsync(
        VideoWaiter waiter, IEnumerable<Video> videos, bool isNew = true)
    {
        DateTimeOffset start = Clock.GetUtcNow();
        foreach (Video video in videos)
        {
            waiter.Add(video, isNew);
        }

        waiter.Complete();
        List<(WaitOutcome, TimeSpan)> ended = [];
        Task run = waiter.RunAsync(CancellationToken.None);
        await DriveAsync(waiter, run, () =>
        {
            while (waiter.Outcomes.TryRead(out WaitOutcome? outcome))
            {
                ended.Add((outcome, Clock.GetUtcNow() - start));
            }
        });
        await waiter.Outcomes.Completion;
        return ended;
    }

    /// <summary>Moves the clock to the next due poll, repeatedly, until <paramref name="run"/> has ended.</summary>
    internal async Task DriveAsync(VideoWaiter waiter, Task run, Action? look = null)
    {
        using CancellationTokenSource patience = new(Eventually.Patience);
        while (!run.IsCompleted)
        {
            // Moving the clock too early would skip a poll: wait until the next timer is set and no job waits for a free request.
            if (waiter.Progress is { Polling: 0, NextPoll: var next } && next > TimeSpan.Zero && Clock.NextDue - Clock.GetUtcNow() == next)
            {
                look?.Invoke();
                Clock.Advance(next);
            }

            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }

        look?.Invoke();
        await run;
    }

    /// <summary>The times at which a video was polled, in seconds since the first submission.</summary>
    internal static IEnumerable<double> PollTimes(SandboxServer server, Video video) => server.Requests
        .Where(request => request.Route == SandboxRoute.Poll && request.VideoId == video.Id)
        .Select(request => (request.Time - server.Jobs[0].Created).TotalSeconds);
}
