using System.Collections.Concurrent;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Submitting;

/// <summary>The local files that a run has published at an address, each once, before a row with them is sent.</summary>
/// <param name="publish">Publishes the file at a path and returns its address. A <see cref="FormatException"/> says why it cannot.</param>
internal sealed class PublishedFiles(Func<string, Task<string?>> publish)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Uri>>> _published = new(PathComparer.Instance);

    /// <summary>Publishes the local files of a request, and returns the request with their addresses.</summary>
    /// <exception cref="ChuiziException">PublishFailed: the request must not be sent.</exception>
    /// <exception cref="OperationCanceledException">Canceled.</exception>
    public async Task<VideoRequest> PublishAsync(VideoRequest request, CancellationToken cancellationToken)
    {
        Dictionary<string, Uri> addresses = new(StringComparer.Ordinal);
        foreach (MediaSource file in request.LocalFiles)
        {
            addresses[file.Value] = await _published
                .GetOrAdd(file.Value, _ => new Lazy<Task<Uri>>(() => PublishAsync(file)))
                .Value.WaitAsync(cancellationToken)
                .ConfigureAwait(false);
        }

        return addresses.Count == 0 ? request : request.WithPublished(addresses);
    }

    private async Task<Uri> PublishAsync(MediaSource file)
    {
        try
        {
            file.EnsureUnchanged();
            string text = (await publish(file.Value).ConfigureAwait(false))?.Trim() ?? "";
            // The row is identified by the content that was hashed, so that content must be what was published.
            file.EnsureUnchanged();
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" && address.Host.Length > 0
                && !SignedUrl.IsMasked(text)
                ? address
                : throw new FormatException($"The script block for Publish returned {ValueReader.Quote(text)}. It must return the http or "
                    + "https URL of the file, and nothing else.");
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ChuiziException(
                ChuiziErrorKind.PublishFailed,
                $"Not submitted, because {ValueReader.Quote(file.Value)} was not published: {exception.Message}",
                exception);
        }
    }
}
