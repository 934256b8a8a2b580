using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Bounds each wait of one transfer for the other side. It is one source of cancellation, armed again and again: over https a read
/// brings 16 KiB, and two sources for each would be a kilobyte of garbage.
/// </summary>
internal sealed class ReadLimit : IDisposable
{
    private readonly DownloadOptions _options;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    public ReadLimit(DownloadOptions options, CancellationToken stopping)
    {
        _options = options;
        _stopping = stopping;
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, options.Clock);
        _registration = stopping.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Waits for <paramref name="work"/>, no longer than a read may take.</summary>
    /// <exception cref="ChuiziException">DownloadIncomplete: it took longer, or broke.</exception>
    public async ValueTask<T> WaitAsync<T>(Func<CancellationToken, ValueTask<T>> work, Uri address)
    {
        // Not TryReset, which by another clock than the system's always refuses.
        _source.CancelAfter(_options.ReadTimeout);
        try
        {
            return await work(_source.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_stopping.IsCancellationRequested)
        {
            throw new ChuiziException(ChuiziErrorKind.DownloadIncomplete, $"{VideoDownloader.Show(address)} sends nothing for {_options.ReadTimeout.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ChuiziException(ChuiziErrorKind.DownloadIncomplete, $"The transfer from {VideoDownloader.Show(address)} broke: {SecretRedactor.Mask(exception.GetBaseException().Message)}", exception);
        }
        finally
        {
            // A slow disk is not the other side's stall.
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
