using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// What gives access to a blob: the signature of its URL, or a token. Credentials are kept by address for the life of the process, because
/// a video, a ledger and a report name only the address.
/// </summary>
internal sealed class BlobCredential
{
    /// <summary>A token is renewed this long before it expires.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    /// <summary>A token that was refused is not renewed more often than this.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<string, BlobCredential> s_known = new(StringComparer.Ordinal);
    private static readonly BlobCredential s_none = new(null, null);

    private readonly Func<BlobToken>? _obtain;
    private readonly object _gate = new();
    private BlobToken? _token;

    private BlobCredential(string? signature, Func<BlobToken>? obtain) => (Signature, _obtain) = (signature, obtain);

    /// <summary>The query of the signed URL; null without a signature.</summary>
    public string? Signature { get; }

    /// <summary>The token, renewed if it expires soon; null if there is a signature, or nothing.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: no token can be obtained.</exception>
    public string? Token
    {
        get
        {
            if (_obtain is null)
            {
                return null;
            }

            lock (_gate)
            {
                if (_token is null || _token.Expires - s_margin < DateTimeOffset.UtcNow)
                {
                    Obtain();
                }

                return _token!.Value;
            }
        }
    }

    /// <summary>Uses a signed URL for a blob from now on.</summary>
    /// <param name="address">The address without the signature.</param>
    /// <param name="signature">The query with the signature, without a question mark.</param>
    public static void UseSignature(Uri address, string signature) => s_known[KeyOf(address)] = new BlobCredential(signature, null);

    /// <summary>Uses a token for a blob from now on.</summary>
    /// <param name="address">The address.</param>
    /// <param name="obtain">Returns a token, also after the first has expired. A failure is LedgerUnavailable.</param>
    public static void UseToken(Uri address, Func<BlobToken> obtain) => s_known[KeyOf(address)] = new BlobCredential(null, obtain);

    /// <summary>Whether there is a credential for a blob in this process.</summary>
    public static bool IsKnown(Uri address) => s_known.ContainsKey(KeyOf(address)) || ManagedIdentity.Exists;

    /// <summary>The credential of a blob: the one that was last specified, otherwise the managed identity of the machine.</summary>
    public static BlobCredential Of(Uri address) =>
        s_known.TryGetValue(KeyOf(address), out BlobCredential? known) ? known
        : ManagedIdentity.Exists ? s_known.GetOrAdd(KeyOf(address), _ => new BlobCredential(null, ManagedIdentity.Obtain))
        : s_none;

    /// <summary>Obtains another token after the server has refused this one. Returns false if that cannot help.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: no token can be obtained.</exception>
    public bool Renew()
    {
        if (_obtain is null)
        {
            return false;
        }

        lock (_gate)
        {
            if (_token is not null && DateTimeOffset.UtcNow - _token.Obtained < s_shortest)
            {
                return false;
            }

            string? refused = _token?.Value;
            Obtain();
            return _token!.Value != refused;
        }
    }

    private void Obtain()
    {
        try
        {
            _token = _obtain!();
        }
        catch (ChuiziException) when (_token is not null && _token.Expires > DateTimeOffset.UtcNow)
        {
            // The old token is still valid.
        }
    }

    private static string KeyOf(Uri address) => address.GetLeftPart(UriPartial.Path);
}
