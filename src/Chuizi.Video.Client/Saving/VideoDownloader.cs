using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Fetches a video to disk: streamed to <c>.part</c> beside the target, continued with <c>Range</c> and <c>If-Range</c> where it broke,
/// in this run or an earlier one; checked, hashed, flushed and only then given its name. Nothing half-done ever has the final name, and the key is never sent.
/// </summary>
internal sealed class VideoDownloader(DownloadOptions options)
{
    private const int MostRedirects = 5;

    /// <summary>Fetches a video.</summary>
    /// <param name="download">What, and where to.</param>
    /// <param name="meter">Counts the bytes.</param>
    /// <param name="cancellationToken">Ends it as soon as what came is written; that stays as <c>.part</c> where it can be continued.</param>
    /// <exception cref="ChuiziException">UnsafeAddress, DownloadFailed, DownloadIncomplete, NotAVideo, FileExists, CannotWrite or DiskFull.</exception>
    public async Task<DownloadedFile> SaveAsync(VideoDownload download, DownloadMeter? meter, CancellationToken cancellationToken)
    {
        if (!download.Overwrite && File.Exists(download.Path))
        {
            throw Exists(download.Path);
        }

        if (Directory.Exists(download.Path))
        {
            throw new ChuiziException(ChuiziErrorKind.CannotWrite, $"'{download.Path}' cannot be written: it is a folder.");
        }

        using PartFile part = PartFile.Open(download.Path, download.Video);
        try
        {
            return await SaveAsync(download, part, meter ?? new DownloadMeter(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The network's failures are told where they are met, so this is the disk's.
            throw part.Broken(exception);
        }
    }

    private async Task<DownloadedFile> SaveAsync(VideoDownload download, PartFile part, DownloadMeter meter, CancellationToken cancellationToken)
    {
        await part.RecoverAsync(cancellationToken).ConfigureAwait(false);
        using FileMeter measure = meter.Begin();
        measure.Start(part.Length, part.WholeLength);
        await FetchAsync(download, part, measure, cancellationToken).ConfigureAwait(false);
        DownloadedFile file = part.Seal();
        await (download.Naming?.Invoke(file) ?? Task.CompletedTask).ConfigureAwait(false);
        part.Finish(download.Overwrite);
        measure.IsWhole = true;
        return file;
    }

    private async Task FetchAsync(VideoDownload download, PartFile part, FileMeter meter, CancellationToken cancellationToken)
    {
        Uri address = download.Address;
        Func<CancellationToken, Task<Uri?>>? refresh = download.Refresh;
        int failures = 0;
        long farthest = part.Length;
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

                using HttpResponseMessage response = await RequestAsync(address, part, failures + 1, cancellationToken).ConfigureAwait(false);
                retryAfter = RateLimitHeaders.RetryAfter(response.Headers.RetryAfter, options.Clock);
                switch ((int)response.StatusCode)
                {
                    case 200 or 206:
                        await ReceiveAsync(response, part, meter, cancellationToken).ConfigureAwait(false);
                        return;
                    case 416:
                        // The file is another than the one begun.
                        part.Restart(null, null);
                        failure = Failed(response, "does not have the part asked for");
                        break;
                    case 403 or 404 or 410 when refresh is not null:
                        Uri? fresh = await refresh(cancellationToken).ConfigureAwait(false);
                        refresh = null;
                        address = fresh ?? throw Failed(response, "refuses the video, and the API gives no other address");
                        continue;
                    case 408 or 429 or >= 500:
                        failure = Failed(response, "is in trouble");
                        break;
                    default:
                        throw Failed(response, "refuses the video");
                }
            }
            catch (ChuiziException exception) when (exception.Kind is ChuiziErrorKind.DownloadIncomplete or ChuiziErrorKind.NotAVideo)
            {
                failure = exception;
            }

            // Farther than ever, not than last time: a server that ignores ranges may break at another place each time.
            failures = part.Length > farthest ? 1 : failures + 1;
            farthest = Math.Max(farthest, part.Length);
            if (failures > options.Retries)
            {
                throw part.IsKept
                    ? new ChuiziException(failure.Kind, $"{failure.Message} The {part.Length:N0} bytes that came are kept in '{download.Path}.part', and the next try goes on from there.", failure) { Status = failure.Status }
                    : failure;
            }

            await Task.Delay(RetryDelay.Next(failures, retryAfter, options.Random()), options.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An address as it is told: without its query, which may be a signature that opens it to anybody.</summary>
    internal static string Show(Uri address) => address.GetLeftPart(UriPartial.Path);

    internal static ChuiziException Exists(string path) =>
        new(ChuiziErrorKind.FileExists, $"The file '{path}' exists and is kept; -Force replaces it.");

    private async Task<HttpResponseMessage> RequestAsync(Uri address, PartFile part, int attempt, CancellationToken cancellationToken)
    {
        using ReadLimit limit = new(options, cancellationToken);
        for (int redirects = 0; ; redirects++)
        {
            if (!ApiConnection.IsSafe(address))
            {
                throw new ChuiziException(ChuiziErrorKind.UnsafeAddress, $"The address {Show(address)} is not fetched: only https is, and http on loopback.");
            }

            if (!options.AllowsPrivateNetwork && PrivateNetwork.Contains(address))
            {
                throw new ChuiziException(
                    ChuiziErrorKind.UnsafeAddress, $"The address {Show(address)} is of this machine or of a network that it is in, where only an API that is there itself may lead, such as a sandbox: connect to that first.");
            }

            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.TryAddWithoutValidation("User-Agent", HttpPool.UserAgent);
            if (part.Condition is { } condition)
            {
                request.Headers.Range = new RangeHeaderValue(part.Length, null);
                request.Headers.IfRange = condition;
            }

            HttpResponseMessage response = await SendAsync(limit, request, attempt).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            using (response)
            {
                if (redirects == MostRedirects || response.Headers.Location is not { } target || !Uri.TryCreate(address, target, out Uri? next))
                {
                    throw Failed(response, redirects == MostRedirects ? $"redirects more than {MostRedirects} times" : "redirects to nowhere");
                }

                if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
                {
                    throw new ChuiziException(ChuiziErrorKind.UnsafeAddress, $"{Show(address)} redirects from https to {Show(next)}, which is not followed.");
                }

                address = next;
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ReadLimit limit, HttpRequestMessage request, int attempt)
    {
        Uri address = request.RequestUri!;
        long start = options.Clock.GetTimestamp();
        try
        {
            HttpResponseMessage response = await limit.WaitAsync(token => new ValueTask<HttpResponseMessage>(HttpPool.For(address).SendAsync(request, token)), address).ConfigureAwait(false);
            Trace((int)response.StatusCode, null);
            return response;
        }
        catch (ChuiziException exception)
        {
            Trace(null, exception.Message);
            throw;
        }

        void Trace(int? status, string? failure) =>
            options.Trace?.Invoke(new RequestTrace("GET", SecretRedactor.Mask(Show(address)), attempt, status, options.Clock.GetElapsedTime(start), null, failure));
    }

    private async Task ReceiveAsync(HttpResponseMessage response, PartFile part, FileMeter meter, CancellationToken cancellationToken)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentType?.MediaType is { } type && (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.Contains("html", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ChuiziException(ChuiziErrorKind.NotAVideo, $"{Show(response)} gives {type}, not a video.");
        }

        bool isPart = response.StatusCode == HttpStatusCode.PartialContent;
        bool continues = isPart && part.Length > 0 && headers.ContentRange?.From == part.Length && !IsOther(response, part);
        if (!continues)
        {
            if (isPart && (headers.ContentRange?.From ?? 0) != 0)
            {
                part.Restart(null, null);
                throw new ChuiziException(ChuiziErrorKind.DownloadIncomplete, $"{Show(response)} gives another part of the video than the one asked for.");
            }

            part.Restart(ConditionOf(response), headers.ContentRange?.Length ?? headers.ContentLength);
        }

        // A part may be shorter than the one asked for; what is missing is asked for next.
        long? whole = headers.ContentRange?.Length ?? part.WholeLength ?? (headers.ContentLength is { } length ? part.Length + length : null);
        part.Reserve(whole);
        meter.Start(part.Length, whole);
        PartWriter writer = part.Begin();
        try
        {
            await ReadAsync(response, part, writer, meter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await part.EndAsync(writer).ConfigureAwait(false);
        }

        part.CheckWhole(whole);
    }

    private async Task ReadAsync(HttpResponseMessage response, PartFile part, PartWriter writer, FileMeter meter, CancellationToken cancellationToken)
    {
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using ReadLimit limit = new(options, cancellationToken);
        byte[] buffer = [];
        Func<CancellationToken, ValueTask<int>> read = token => body.ReadAsync(buffer, token);
        for (bool isHead = part.Length == 0; ; isHead = false)
        {
            buffer = ArrayPool<byte>.Shared.Rent(PartWriter.BufferLength);
            int count = await limit.WaitAsync(read, response.RequestMessage!.RequestUri!).ConfigureAwait(false);
            if (isHead)
            {
                part.CheckHead(buffer.AsSpan(0, count));
            }

            if (count == 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            meter.Add(count);
            try
            {
                await writer.AddAsync(buffer, count).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                // Writing has failed, and the end of the writer tells why.
                return;
            }
        }
    }

    /// <summary>Whether a part is of another file than the one begun, though <c>If-Range</c> asked for that one: some caches do not look at it.</summary>
    private static bool IsOther(HttpResponseMessage response, PartFile part) =>
        (part.Condition?.EntityTag is { } begun && response.Headers.ETag is { } tag && !tag.Equals(begun))
        || (part.Condition?.Date is { } date && response.Content.Headers.LastModified is { } changed && changed != date)
        || (part.WholeLength is { } whole && response.Content.Headers.ContentRange?.Length is { } length && length != whole);

    /// <summary>A strong validator: an entity tag, or a time of change that was over when the answer was made (RFC 9110, section 8.8).</summary>
    private static RangeConditionHeaderValue? ConditionOf(HttpResponseMessage response) => response switch
    {
        { Headers.ETag: { } tag } => tag.IsWeak ? null : new RangeConditionHeaderValue(tag),
        { Content.Headers.LastModified: { } changed, Headers.Date: { } made } when made - changed >= TimeSpan.FromSeconds(1) => new RangeConditionHeaderValue(changed),
        _ => null,
    };

    private static string Show(HttpResponseMessage response) => Show(response.RequestMessage!.RequestUri!);

    private static ChuiziException Failed(HttpResponseMessage response, string what) =>
        new(ChuiziErrorKind.DownloadFailed, $"{Show(response)} {what} (HTTP {(int)response.StatusCode}).") { Status = (int)response.StatusCode };
}
