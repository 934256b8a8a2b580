using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Limits how long a transfer waits for the server each time. One cancellation source is armed again and again: over https a read brings
/// 16 KiB, and two sources for each read would leave a kilobyte of garbage.
/// </summary>
internal sealed class ReadTimeout : IDisposable
{
    private readonly DownloadOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public ReadTimeout(DownloadOptions options, CancellationToken stopping)
    {
        _options = options;
        _stopping = stopping;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Clock);
        _registration = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Waits for <paramref name="work"/>, no longer than a read may take.</summary>
    /// <param name="work">Waits for the server.</param>
    /// <param name="address">The server's address as errors show it.</param>
    /// <exception cref="ChuiziException">DownloadIncomplete: it took longer, or failed.</exception>
    public async ValueTask<T> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> work, string address)
    {
        // Not TryReset, which always fails with any clock but the system's.
        _source.CancelAfter(_options.ReadTimeout);
        try
        {
            return await work(_source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_stopping.IsCancellationRequested)
        {
            throw new ChuiziException(
                ChuiziErrorKind.DownloadIncomplete, $"{address} sends nothing for {_options.ReadTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            string cause = SecretRedactor.Mask(exception.GetBaseException().Message);
            throw new ChuiziException(ChuiziErrorKind.DownloadIncomplete, $"The transfer from {address} broke: {cause}", exception);
        }
        finally
        {
            // While the disk is slow, the server is not stalling.
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
