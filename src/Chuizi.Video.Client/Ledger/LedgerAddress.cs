using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Ledger;

/// <summary>The address of a ledger in an append blob, in place of a path.</summary>
internal static class LedgerAddress
{
    /// <summary>The address in a text that is not a path; null for a path.</summary>
    public static Uri? Of(string path) =>
        (path.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            && Uri.TryCreate(path, UriKind.Absolute, out Uri? address)
            ? address
            : null;

    /// <summary>
    /// Reads what the user specified. A signature in it is kept as a <see cref="BlobCredential"/> of the process, and is not part of
    /// the result.
    /// </summary>
    /// <param name="text">The URL.</param>
    /// <returns>The address without the signature.</returns>
    /// <exception cref="FormatException">The URL cannot be used; the message says why, without the signature.</exception>
    public static string Accept(string text)
    {
        string shown = SecretRedactor.Mask(text);
        if (Of(text) is not { Host.Length: > 0 } url)
        {
            throw new FormatException($"'{shown}' is not a valid URL.");
        }

        string problem = url.UserInfo.Length > 0 ? "It contains a user name."
            : !WebAddress.IsSafe(url) ? "Only https is allowed."
            : SignedUrl.IsMasked(text) ? "Its signature is masked (***). Use the URL with its signature."
            : url.Segments.Count(segment => segment.Trim('/').Length > 0) < 2
                ? "Expected https://<account>.blob.core.windows.net/<container>/<name>.jsonl."
            : url.Fragment.Length > 0 ? "It contains a #."
            : "";
        if (problem.Length > 0)
        {
            throw new FormatException($"'{shown}' is not the URL of a blob. {problem}");
        }

        string address = url.GetLeftPart(UriPartial.Path);
        if (url.Query.Length > 1)
        {
            BlobCredential.UseSignature(new Uri(address), url.Query[1..]);
        }

        return address;
    }
}
