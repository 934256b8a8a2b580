using System.Collections.Concurrent;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// What gives access to a blob: the signature of its URL, or a token. Credentials are kept by address for the life of the process, because
/// a video, a ledger and a report name only the address.
/// </summary>
internal sealed class BlobCredential
{
    /// <summary>The most credentials that are kept for a blob.</summary>
    private const int Most = 4;

    /// <summary>A token is renewed this long before it expires.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(5);

    /// <summary>A token that is still valid is not renewed more often than this.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<string, BlobCredential[]> s_known = new(StringComparer.Ordinal);
    private static readonly BlobCredential[] s_none = [new(null, null, null)];

    private readonly Func<BlobToken>? _obtain;
    private readonly object _gate = new();
    private readonly object _trying = new();
    private volatile BlobToken? _token;
    private DateTimeOffset _tried;

    private BlobCredential(string? signature, BlobToken? token, Func<BlobToken>? obtain) =>
        (Signature, _token, _obtain) = (signature, token, obtain);

    /// <summary>The query of the signed URL; null without a signature.</summary>
    public string? Signature { get; }

    /// <summary>
    /// The token; null if there is a signature, or nothing. It is renewed in the background before it expires, so that a request does not
    /// wait for a sign-in while the old token is valid.
    /// </summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: the token has expired, and no other can be obtained.</exception>
    public string? Token
    {
        get
        {
            if (_obtain is null)
            {
                return null;
            }

            BlobToken? token = _token;
            if (token is null || token.Expires <= DateTimeOffset.UtcNow)
            {
                return ObtainAfter(token).Value;
            }

            if (token.Expires - s_margin < DateTimeOffset.UtcNow && MayTry())
            {
                _ = Task.Run(() => RenewQuietly(token));
            }

            return token.Value;
        }
    }

    /// <summary>Uses a signed URL for a blob from now on.</summary>
    /// <param name="address">The address without the signature.</param>
    /// <param name="signature">The query with the signature, without a question mark.</param>
    public static void UseSignature(Uri address, string signature) => Use(address, new BlobCredential(signature, null, null));

    /// <summary>Uses a token for a blob from now on.</summary>
    /// <param name="address">The address.</param>
    /// <param name="token">The token.</param>
    /// <param name="obtain">Returns another one before it expires, on any thread. A failure is LedgerUnavailable.</param>
    public static void UseToken(Uri address, BlobToken token, Func<BlobToken> obtain) =>
        Use(address, new BlobCredential(null, token, obtain));

    /// <summary>Whether there is a credential for a blob in this process, or a managed identity of the machine.</summary>
    public static bool IsKnown(Uri address) => s_known.ContainsKey(KeyOf(address)) || ManagedIdentity.Exists;

    /// <summary>
    /// The credentials of a blob, the one that was last specified first; otherwise the managed identity of the machine, or none.
    /// </summary>
    public static IReadOnlyList<BlobCredential> AllOf(Uri address) =>
        s_known.TryGetValue(KeyOf(address), out BlobCredential[]? known) ? known
        : ManagedIdentity.Exists ? s_known.GetOrAdd(KeyOf(address), _ => [new(null, null, () => ManagedIdentity.Obtain(Thread.Sleep))])
        : s_none;

    /// <summary>Obtains another token after the server has refused this one. Returns false if that cannot help.</summary>
    /// <exception cref="ChuiziException">LedgerUnavailable: no token can be obtained.</exception>
    public bool Renew()
    {
        BlobToken? refused = _token;
        return _obtain is not null && (refused is null || DateTimeOffset.UtcNow - refused.Obtained >= s_shortest)
            && ObtainAfter(refused).Value != refused?.Value;
    }

    private static void Use(Uri address, BlobCredential credential) => s_known.AddOrUpdate(
        KeyOf(address),
        _ => [credential],
        (_, known) =>
            [.. known.Where(other => other.Signature is null || other.Signature != credential.Signature).Prepend(credential).Take(Most)]);

    private static string KeyOf(Uri address) => address.GetLeftPart(UriPartial.Path);

    /// <summary>Obtains a token, or returns the one that another thread has obtained since.</summary>
    private BlobToken ObtainAfter(BlobToken? old)
    {
        lock (_gate)
        {
            return _token is { } now && now != old ? now : _token = _obtain!();
        }
    }

    private bool MayTry()
    {
        lock (_trying)
        {
            bool may = DateTimeOffset.UtcNow - _tried >= s_shortest;
            _tried = may ? DateTimeOffset.UtcNow : _tried;
            return may;
        }
    }

    private void RenewQuietly(BlobToken old)
    {
        try
        {
            ObtainAfter(old);
        }
        catch (ChuiziException)
        {
            // The old token is still valid, and the next attempt may succeed.
        }
    }
}
