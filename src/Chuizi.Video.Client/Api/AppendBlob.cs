using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// An append blob of Azure Storage: text that can only grow, one block for each append. A block is appended only at the position that the
/// caller expects, so that several machines can decide who writes next (Blob service REST API, Append Block). Requests block the calling
/// thread. A request that is refused is sent again with the next credential of the process (<see cref="BlobCredential"/>). The caller
/// repeats one that fails.
/// </summary>
/// <param name="address">The address without a signature.</param>
internal sealed class AppendBlob(Uri address)
{
    /// <summary>The most blocks of a blob.</summary>
    public const int MostBlocks = 50_000;

    /// <summary>Append blocks of 100 MiB are available from this version on.</summary>
    private const string Version = "2022-11-02";

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>The address without a signature.</summary>
    public Uri Address => address;

    /// <summary>
    /// Reads a part. The status is 206; 404 if the blob does not exist, 416 if it is not longer than <paramref name="from"/>.
    /// </summary>
    /// <param name="from">The position of the first byte.</param>
    /// <param name="count">The most bytes.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable: no credential can be obtained.</exception>
    /// <exception cref="IOException">No response.</exception>
    public BlobReply Read(long from, int count)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{from + count - 1}");
        return Send(HttpMethod.Get, "", request => request.Headers.TryAddWithoutValidation("x-ms-range", range));
    }

    /// <summary>Reads the length and the number of blocks. The status is 200, or 404 if the blob does not exist.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public BlobReply ReadProperties() => Send(HttpMethod.Head, "", _ => { });

    /// <summary>Creates the blob. The status is 201, or 409 or 412 if it exists already, which is then unchanged.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public BlobReply Create() => Send(HttpMethod.Put, "", request =>
    {
        request.Headers.TryAddWithoutValidation("x-ms-blob-type", "AppendBlob");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        request.Content = new ByteArrayContent([]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    });

    /// <summary>
    /// Appends a block. The status is 201; 412 if the blob does not end at <paramref name="position"/>, 404 if it does not exist.
    /// </summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    public BlobReply Append(byte[] block, long position) => Send(HttpMethod.Put, "comp=appendblock", request =>
    {
        request.Headers.TryAddWithoutValidation("x-ms-blob-condition-appendpos", position.ToString(CultureInfo.InvariantCulture));
        request.Content = new ByteArrayContent(block);
    });

    private BlobReply Send(HttpMethod method, string operation, Action<HttpRequestMessage> prepare)
    {
        // An earlier credential may give access where the last one does not, such as one that may only read.
        BlobReply? refused = null;
        foreach (BlobCredential credential in BlobCredential.AllOf(address))
        {
            BlobReply reply = SendWith(credential);
            reply = reply.Status == 401 && credential.Renew() ? SendWith(credential) : reply;
            if (reply.Status is not (401 or 403))
            {
                return reply;
            }

            refused ??= reply;
        }

        return refused!;

        BlobReply SendWith(BlobCredential credential)
        {
            string query = string.Join('&', new[] { operation, credential.Signature }.Where(part => part is { Length: > 0 }));
            using HttpRequestMessage request = new(method, query.Length > 0 ? new Uri($"{address}?{query}") : address)
            {
                Version = HttpVersion.Version11,
            };
            request.Headers.TryAddWithoutValidation("x-ms-version", Version);
            request.Headers.TryAddWithoutValidation("User-Agent", HttpPool.UserAgent);
            prepare(request);
            try
            {
                if (credential.Token is { } token)
                {
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                }

                using CancellationTokenSource limit = new(s_timeout);
                using HttpResponseMessage response = HttpPool.For(address).Send(request, limit.Token);
                return BlobReply.Read(response, limit.Token);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or FormatException)
            {
                string reason = exception is OperationCanceledException
                    ? string.Create(CultureInfo.InvariantCulture, $"No response within {s_timeout.TotalSeconds:0} s.")
                    : exception.GetBaseException().Message;
                throw new IOException(SecretRedactor.Mask(reason), exception);
            }
        }
    }
}
