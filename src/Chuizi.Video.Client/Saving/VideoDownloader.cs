using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Downloads a video: streams it to a <c>.part</c> next to the target, resumes an interrupted transfer of this run or an earlier one with
/// <c>Range</c> and <c>If-Range</c>, then checks, hashes and flushes the file, and only then renames it. An incomplete file never has the
/// final name, and the API key is never sent.
/// </summary>
internal sealed class VideoDownloader(DownloadOptions options)
{
    private const int MostRedirects = 5;

    /// <summary>The longest file that is received, in bytes: compressed data may expand without limit.</summary>
    private const long LongestVideo = 16L * 1024 * 1024 * 1024;

    /// <summary>The delays, in seconds, before a video that has just been finished is requested again.</summary>
    private static readonly double[] s_lateDelays = [1, 1, 2, 3, 4, 5, 6];

    /// <summary>Downloads a video.</summary>
    /// <param name="download">The video and its target.</param>
    /// <param name="meter">Counts the bytes; null if not needed.</param>
    /// <param name="cancellationToken">Stops after received bytes are written; they are kept if the download can be resumed.</param>
    /// <exception cref="ChuiziException">
    /// UnsafeAddress, DownloadFailed, DownloadIncomplete, NotAVideo, FileExists, CannotWrite or DiskFull.
    /// </exception>
    public async Task<DownloadedFile> SaveAsync(DownloadRequest download, DownloadMeter? meter, CancellationToken cancellationToken)
    {
        using PartFile part = PartFile.Open(download.Path, download.Video, download.Overwrite);
        try
        {
            return await SaveAsync(download, part, meter ?? new DownloadMeter(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Network errors are converted where they occur, so this is a disk error.
            throw part.DiskError(exception);
        }
    }

    private async Task<DownloadedFile> SaveAsync(
        DownloadRequest download, PartFile part, DownloadMeter meter, CancellationToken cancellationToken)
    {
        await part.RecoverAsync(cancellationToken).ConfigureAwait(false);
        using DownloadMeter.FileMeter measured = meter.Begin();
        measured.Start(part.Length, part.WholeLength);
        await FetchAsync(download, part, measured, cancellationToken).ConfigureAwait(false);
        DownloadedFile file = part.Complete();
        await (download.BeforeRename?.Invoke(file) ?? Task.CompletedTask).ConfigureAwait(false);
        part.RenameToTarget();
        measured.Finish();
        return file;
    }

    /// <summary>Requests the file, again after each interruption, until it is complete.</summary>
    private async Task FetchAsync(
        DownloadRequest download, PartFile part, DownloadMeter.FileMeter meter, CancellationToken cancellationToken)
    {
        Uri address = download.Address;
        Func<CancellationToken, Task<Uri?>>? refreshAddress = download.RefreshAddress;
        int failures = 0;
        int lateAttempts = 0;
        long furthest = part.Length;
        while (true)
        {
            ChuiziException failure;
            TimeSpan? retryAfter = null;
            try
            {
                if (part.IsWhole)
                {
                    part.CheckWhole(part.Length);
                    return;
                }

                using HttpResponseMessage response =
                    await RequestAsync(address, part, failures + 1, cancellationToken).ConfigureAwait(false);
                retryAfter = RateLimitHeaders.RetryAfter(response, options.Clock.GetUtcNow());
                switch ((int)response.StatusCode)
                {
                    case 200 or 206:
                        try
                        {
                            await ReceiveAsync(response, part, meter, cancellationToken).ConfigureAwait(false);
                        }
                        catch (ChuiziException exception) when (exception.Kind == ChuiziErrorKind.NotAVideo)
                        {
                            string type = response.Content.Headers.ContentType?.MediaType ?? "data of an unknown type";
                            throw new ChuiziException(
                                ChuiziErrorKind.NotAVideo, $"{Show(response)} returned {type} instead of a video.", exception);
                        }

                        return;
                    case 416:
                        // The server's file is not the one that the partial file belongs to.
                        part.Restart(null, null);
                        failure = Failed(response, "cannot provide the requested range");
                        break;
                    case 202 or 204 or 404 or 409 or 425 when download.IsJustFinished && lateAttempts < s_lateDelays.Length:
                        // The CDN gets the file some seconds after the API reports it.
                        await Task.Delay(Later(s_lateDelays[lateAttempts++], retryAfter), options.Clock, cancellationToken)
                            .ConfigureAwait(false);
                        continue;
                    case 403 or 404 or 410 when refreshAddress is not null:
                        Uri? fresh = await refreshAddress(cancellationToken).ConfigureAwait(false);
                        refreshAddress = null;
                        address = fresh ?? throw Failed(response, "refused the download, and the API has no other address");
                        continue;
                    case 202 or 204 or 409 or 425:
                        failure = Failed(response, "does not have the video yet");
                        break;
                    case 408 or 429 or >= 500:
                        failure = Failed(response, "reported a server error");
                        break;
                    default:
                        throw Failed(response, "refused the download");
                }
            }
            catch (ChuiziException exception) when (exception.Kind is ChuiziErrorKind.DownloadIncomplete or ChuiziErrorKind.NotAVideo)
            {
                failure = exception;
            }

            // Compare with the furthest point, not the last one: a server that ignores ranges may break off at a different point each time.
            failures = part.Length > furthest ? 1 : failures + 1;
            furthest = Math.Max(furthest, part.Length);
            if (failures > options.Retries)
            {
                throw part.IsKept ? WithKeptBytes(failure, download, part) : failure;
            }

            TimeSpan delay = RetryDelay.Next(failures, retryAfter, options.Random());
            await Task.Delay(delay, options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Later(double seconds, TimeSpan? retryAfter) => TimeSpan.FromSeconds(
        Math.Max(seconds, Math.Min(retryAfter?.TotalSeconds ?? 0, s_lateDelays[^1])));

    /// <summary>Requests the missing bytes, and follows redirects to safe addresses.</summary>
    private async Task<HttpResponseMessage> RequestAsync(Uri address, PartFile part, int attempt, CancellationToken cancellationToken)
    {
        using TransferWait timeout = new(options, cancellationToken);
        for (int redirects = 0; ; redirects++)
        {
            CheckSafe(address);
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", HttpPool.UserAgent);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", ContentCodings.Accepted);
            if (part.IfRange is { } validator)
            {
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
                request.Headers.IfRange = validator;
            }

            HttpResponseMessage response = await SendAsync(timeout, request, attempt).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                if (redirects == MostRedirects)
                {
                    throw Failed(response, $"redirects more than {MostRedirects} times");
                }

                if (response.Headers.Location is not { } target || !Uri.TryCreate(address, target, out Uri? next))
                {
                    throw Failed(response, "redirects without a valid location");
                }

                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                {
                    throw new ChuiziException(
                        ChuiziErrorKind.UnsafeAddress, $"{Show(address)} redirects to {Show(next)}. The redirect was not followed "
                            + "because it is not https.");
                }

                address = next;
            }
        }
    }

    private void CheckSafe(Uri address)
    {
        if (!WebAddress.IsSafe(address))
        {
            throw new ChuiziException(
                ChuiziErrorKind.UnsafeAddress,
                $"The address {Show(address)} is not allowed. Only https, and http on loopback, are allowed.");
        }

        if (!options.AllowsPrivateNetwork && PrivateNetwork.Contains(address))
        {
            throw new ChuiziException(
                ChuiziErrorKind.UnsafeAddress,
                $"The address {Show(address)} is on this machine or in its private network. Only an API in the same network, such as a "
                + "sandbox, can use such an address. Connect to that API first.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(TransferWait timeout, HttpRequestMessage request, int attempt)
    {
        Uri address = request.RequestUri!;
        long start = options.Clock.GetTimestamp();
        try
        {
            HttpResponseMessage response = await timeout
                .WaitAsync(token => new ValueTask<HttpResponseMessage>(HttpPool.For(address).SendAsync(request, token)), Show(address))
                .ConfigureAwait(false);
            Trace((int)response.StatusCode, null);
            return response;
        }
        catch (ChuiziException exception)
        {
            Trace(null, exception.Message);
            throw;
        }

        void Trace(int? status, string? failure) => options.Trace?.Invoke(new RequestTrace(
            "GET", SecretRedactor.Mask(Show(address)), attempt, status, options.Clock.GetElapsedTime(start), null, failure));
    }

    /// <summary>Receives a response into the file, either the rest of the video or all of it.</summary>
    private async Task ReceiveAsync(
        HttpResponseMessage response, PartFile part, DownloadMeter.FileMeter meter, CancellationToken cancellationToken)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            // The lengths and the validators are those of the compressed bytes, so such a transfer is always of the whole file.
            part.Restart(null, null);
            if (response.StatusCode == HttpStatusCode.PartialContent && (headers.ContentRange?.From ?? 0) != 0)
            {
                throw new ChuiziException(
                    ChuiziErrorKind.DownloadIncomplete, $"{Show(response)} returned a compressed part of the video.");
            }

            await ReceiveAsync(response, part, meter, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        bool continues = isPart && part.Length > 0 && headers.ContentRange?.From == part.Length && !IsOfAnotherFile(response, part);
        if (!continues)
        {
            if (isPart && (headers.ContentRange?.From ?? 0) != 0)
            {
                part.Restart(null, null);
                throw new ChuiziException(
                    ChuiziErrorKind.DownloadIncomplete, $"{Show(response)} returned a different range of the video than requested.");
            }

            part.Restart(StrongValidatorOf(response), headers.ContentRange?.Length ?? headers.ContentLength);
        }

        // The server may send less than requested. The next request then asks for the missing bytes.
        long? whole = headers.ContentRange?.Length
            ?? part.WholeLength
            ?? (headers.ContentLength is { } length ? part.Length + length : null);
        await ReceiveAsync(response, part, meter, whole, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response, PartFile part, DownloadMeter.FileMeter meter, long? whole, CancellationToken cancellationToken)
    {
        part.CheckDiskSpace(whole);
        meter.Start(part.Length, whole);
        PartWriter writer = part.BeginTransfer();
        try
        {
            await ReadAsync(response, part, writer, meter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await part.EndTransferAsync(writer).ConfigureAwait(false);
        }

        part.CheckWhole(whole);
    }

    private async Task ReadAsync(
        HttpResponseMessage response, PartFile part, PartWriter writer, DownloadMeter.FileMeter meter, CancellationToken cancellationToken)
    {
        string address = Show(response);
        using Stream body = ContentCodings.Open(
            await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), response.Content.Headers.ContentEncoding);
        long received = part.Length;
        using TransferWait timeout = new(options, cancellationToken);
        byte[] buffer = [];
        Func<CancellationToken, ValueTask<int>> read = token => body.ReadAsync(buffer, token);
        for (bool isHead = part.Length == 0; ; isHead = false)
        {
            buffer = ArrayPool<byte>.Shared.Rent(PartWriter.BufferLength);
            int count = await timeout.WaitAsync(read, address).ConfigureAwait(false);
            if (isHead)
            {
                part.CheckHead(buffer.AsSpan(0, count));
            }

            if (count == 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            received += count;
            if (received > LongestVideo)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw new ChuiziException(
                    ChuiziErrorKind.NotAVideo,
                    $"{address} sent more than 16 GiB, which no video of the API needs.");
            }

            meter.Add(count);
            try
            {
                await writer.AddAsync(buffer, count).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Writing has failed. Ending the transfer throws the cause.
                return;
            }
        }
    }

    /// <summary>
    /// Whether a partial response is from a different file than the partial file on disk. <c>If-Range</c> should prevent that, but some
    /// caches ignore it.
    /// </summary>
    private static bool IsOfAnotherFile(HttpResponseMessage response, PartFile part) =>
        (part.IfRange?.EntityTag is { } begun && response.Headers.ETag is { } tag && !tag.Equals(begun))
        || (part.IfRange?.Date is { } date && response.Content.Headers.LastModified is { } changed && changed != date)
        || (part.WholeLength is { } whole && response.Content.Headers.ContentRange?.Length is { } length && length != whole);

    /// <summary>
    /// A strong entity tag, or a modification time at least a second before the response (RFC 9110, section 8.8); null without either.
    /// </summary>
    private static RangeConditionHeaderValue? StrongValidatorOf(HttpResponseMessage response) => response switch
    {
        { Headers.ETag: { IsWeak: false } tag } => new RangeConditionHeaderValue(tag),
        { Content.Headers.LastModified: { } changed, Headers.Date: { } answered } when answered - changed >= TimeSpan.FromSeconds(1) =>
            new RangeConditionHeaderValue(changed),
        _ => null,
    };

    /// <summary>An address for display, without its query, which may contain a signature that gives anyone access.</summary>
    private static string Show(Uri address) => address.GetLeftPart(UriPartial.Path);

    private static string Show(HttpResponseMessage response) => Show(response.RequestMessage!.RequestUri!);

    private static ChuiziException Failed(HttpResponseMessage response, string what)
    {
        int status = (int)response.StatusCode;
        return new ChuiziException(ChuiziErrorKind.DownloadFailed, $"{Show(response)} {what} (HTTP {status}).") { Status = status };
    }

    private static ChuiziException WithKeptBytes(ChuiziException failure, DownloadRequest download, PartFile part)
    {
        string kept = $"The {part.Length:N0} bytes received are kept in '{download.Path}.part'. The next attempt resumes from there.";
        return new ChuiziException(failure.Kind, $"{failure.Message} {kept}", failure) { Status = failure.Status };
    }
}
