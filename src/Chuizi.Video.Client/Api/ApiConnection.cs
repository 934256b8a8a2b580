using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>Where the API is and the key to it. The key can be put into a request and read in no other way.</summary>
internal sealed class ApiConnection
{
    /// <summary>The paid API (API contract, layer 1).</summary>
    public const string DefaultBaseAddress = "https://api.chuizi.ai/v1";

    private const int ShortestMasked = 8;
    private const string SandboxKey = "ck-sandbox";

    private readonly string _key;

    private ApiConnection(Uri baseAddress, string key)
    {
        BaseAddress = baseAddress;
        _key = key;
        Identity = Origin + ' ' + Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(key)));
    }

    /// <summary>The base address, without a slash at its end, e.g. <c>https://api.chuizi.ai/v1</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The origin of the API: scheme, host and port. The key goes nowhere else.</summary>
    public string Origin => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether it is to a sandbox, by its key, which opens nothing else: nothing that is done there is paid for.</summary>
    public bool IsSandbox => _key.StartsWith(SandboxKey, StringComparison.Ordinal);

    /// <summary>Whether the API is on this machine or in a network that it is in, so that its videos may be there as well.</summary>
    public bool IsPrivateNetwork => PrivateNetwork.Contains(BaseAddress);

    /// <summary>The origin and a hash of the key: tells whose request budget it is, and not the key.</summary>
    internal string Identity { get; }

    /// <summary>A connection from what a user gives.</summary>
    /// <exception cref="ChuiziException">InvalidBaseAddress, NotConnected (no key) or InvalidApiKey (no header can carry it).</exception>
    public static ApiConnection Create(string? key, string? baseAddress = null)
    {
        Uri address = ParseBaseAddress(string.IsNullOrWhiteSpace(baseAddress) ? DefaultBaseAddress : baseAddress.Trim());
        key = key?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            throw new ChuiziException(ChuiziErrorKind.NotConnected, "No API key is given.");
        }

        if (key.Any(letter => letter is <= ' ' or > '~'))
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidApiKey,
                "The API key holds a space, a line break or a letter that no key has. A key is 'ck-' and 32 letters or digits.");
        }

        return new ApiConnection(address, key);
    }

    /// <summary>Puts the key on a request, provided that the request goes to the API's origin.</summary>
    internal void Authorize(HttpRequestMessage request)
    {
        if (request.RequestUri?.GetLeftPart(UriPartial.Authority) != Origin)
        {
            throw new InvalidOperationException("The key stays at the API's origin.");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
    }

    /// <summary><paramref name="text"/> without the key.</summary>
    internal string Mask(string text) => SecretRedactor.Mask(text, _key);

    /// <summary>An answer without the key, should the server repeat it: what is read from it is shown to people.</summary>
    internal ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body)
    {
        // A "key" of a few letters would occur by chance, also in an id.
        if (_key.Length < ShortestMasked || body.Span.IndexOf(Encoding.ASCII.GetBytes(_key)) < 0)
        {
            return body;
        }

        // Latin-1 keeps every byte as it is.
        return Encoding.Latin1.GetBytes(SecretRedactor.Mask(Encoding.Latin1.GetString(body.Span), _key));
    }

    /// <summary>The base address; never the key.</summary>
    public override string ToString() => BaseAddress.ToString();

    private static Uri ParseBaseAddress(string text)
    {
        if (
            !Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            || address.Scheme is not ("https" or "http")
            || address.UserInfo.Length > 0
            || address.Query.Length > 0
            || address.Fragment.Length > 0)
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidBaseAddress,
                $"The base address '{SecretRedactor.Mask(text)}' is no plain http(s) address. Give one like {DefaultBaseAddress}.");
        }

        if (!WebAddress.IsSafe(address))
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidBaseAddress,
                $"The base address '{SecretRedactor.Mask(text)}' is plain http, which would send the key in the clear. Use https; http is "
                    + "for loopback (127.0.0.1, localhost) only.");
        }

        // A bare host means the API's own path, as in the contract's calls.
        string path = address.AbsolutePath.TrimEnd('/');
        return new Uri(address.GetLeftPart(UriPartial.Authority) + (path.Length == 0 ? "/v1" : path));
    }
}
