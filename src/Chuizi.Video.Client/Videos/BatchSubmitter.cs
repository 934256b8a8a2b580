using System.Collections.Concurrent;
using Chuizi.Video.Client.Http;

namespace Chuizi.Video.Client.Videos;

/// <summary>
/// Submits a checked batch, several requests at a time. A failure that every further request would meet (the account, the address, the
/// network) ends it: nothing more is sent, and what is under way is awaited.
/// </summary>
public sealed class BatchSubmitter(ChuiziClient client, int throttleLimit)
{
    private readonly ConcurrentBag<int> _notSent = [];
    private int _ended;

    /// <summary>What ended the batch before all was sent; null where nothing did.</summary>
    public ChuiziException? End { get; private set; }

    /// <summary>The places of the requests that were not sent, or provably not taken, because of <see cref="End"/>.</summary>
    public IReadOnlyList<int> NotSent => [.. _notSent.Order()];

    /// <summary>How many submissions have ended.</summary>
    public int Ended => _ended;

    /// <summary>Submits all of <paramref name="requests"/>.</summary>
    /// <param name="requests">Checked requests.</param>
    /// <param name="ended">Told of each submission's end, on whatever thread; it must not block.</param>
    /// <param name="cancellationToken">Sends nothing more and returns at once; requests under way run to their end unseen.</param>
    public async Task RunAsync(IReadOnlyList<VideoRequest> requests, Action<SubmitOutcome> ended, CancellationToken cancellationToken)
    {
        using CancellationTokenSource sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests.Count),
            new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = cancellationToken },
            async (index, token) =>
            {
                if (await SubmitAsync(index, requests[index], sending, token).ConfigureAwait(false) is { } outcome)
                {
                    Interlocked.Increment(ref _ended);
                    ended(outcome);
                }
            }).ConfigureAwait(false);
    }

    /// <param name="index">The request's place.</param>
    /// <param name="request">The request.</param>
    /// <param name="sending">Cancelled when the batch ends: whatever waits to be sent, again or at all, is not.</param>
    /// <param name="token">Cancelled when nobody waits any more.</param>
    private async Task<SubmitOutcome?> SubmitAsync(int index, VideoRequest request, CancellationTokenSource sending, CancellationToken token)
    {
        try
        {
            Task<VideoState> sent = client.SubmitAsync(request, sending.Token);
            _ = sent.ContinueWith(task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return new SubmitOutcome(index, await sent.WaitAsync(token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            _notSent.Add(index);
            return null;
        }
        catch (ChuiziException exception) when (exception.EndsTheRun || IsForAll(exception))
        {
            End ??= exception;
            _notSent.Add(index);
            await sending.CancelAsync().ConfigureAwait(false);
            return null;
        }
        catch (ChuiziException exception)
        {
            return new SubmitOutcome(index, null, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new SubmitOutcome(index, null, new ChuiziException(ChuiziErrorKind.RequestRejected, $"It is not sent, since its image cannot be read: {exception.Message}", exception));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A defect of ours: one row's, and nobody knows how far it came.
            return new SubmitOutcome(index, null, new ChuiziException(ChuiziErrorKind.SubmissionOutcomeUnknown, Masker.Mask(exception.Message), exception));
        }
    }

    private static bool IsForAll(ChuiziException exception) =>
        exception.Kind is ChuiziErrorKind.Unreachable or ChuiziErrorKind.RequestTimeout or ChuiziErrorKind.RateLimited;
}
