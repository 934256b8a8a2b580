using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Limits each wait for the server during a transfer, and turns its failure into an error. One cancellation source is reused, because over
/// https each read returns only 16 KiB, and two new sources per read would allocate a kilobyte of garbage.
/// </summary>
internal sealed class TransferWait : IDisposable
{
    private readonly DownloadOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public TransferWait(DownloadOptions options, CancellationToken stopping)
    {
        _options = options;
        _stopping = stopping;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Clock);
        _registration = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Waits for <paramref name="work"/>, at most for the read timeout.</summary>
    /// <param name="work">The wait for the server.</param>
    /// <param name="address">The server's address, for errors.</param>
    /// <exception cref="ChuiziException">DownloadIncomplete: it took longer, or failed.</exception>
    public async ValueTask<T> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> work, string address)
    {
        // Not TryReset, which always fails with any clock other than the system's.
        _source.CancelAfter(_options.ReadTimeout);
        try
        {
            return await work(_source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_stopping.IsCancellationRequested)
        {
            throw new ChuiziException(
                ChuiziErrorKind.DownloadIncomplete, $"{address} sent no data for {_options.ReadTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or InvalidDataException or InvalidOperationException)
        {
            string cause = SecretRedactor.Mask(exception.GetBaseException().Message);
            throw new ChuiziException(
                ChuiziErrorKind.DownloadIncomplete,
                $"The transfer from {address} was interrupted: {cause}",
                exception);
        }
        finally
        {
            // The disk may be slow until the next read, which is not a stall of the server.
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
