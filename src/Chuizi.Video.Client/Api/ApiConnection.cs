using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>The address of the API and the key. The key can be added to a request but not read in any other way.</summary>
internal sealed class ApiConnection
{
    /// <summary>The production API, which bills (API contract, layer 1).</summary>
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

    /// <summary>The base address, without a trailing slash, e.g. <c>https://api.chuizi.ai/v1</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The origin of the API: scheme, host and port. The key is never sent anywhere else.</summary>
    public string Origin => BaseAddress.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether the connection is to a sandbox, where nothing is billed. A sandbox key works nowhere else.</summary>
    public bool IsSandbox => _key.StartsWith(SandboxKey, StringComparison.Ordinal);

    /// <summary>Whether the API is on this machine or in a private network, so that its video files may be there as well.</summary>
    public bool IsPrivateNetwork => PrivateNetwork.Contains(BaseAddress);

    /// <summary>The origin and a hash of the key: identifies the request budget without exposing the key.</summary>
    internal string Identity { get; }

    /// <summary>Creates a connection from user input.</summary>
    /// <exception cref="ChuiziException">InvalidBaseAddress, NotConnected (no key) or InvalidApiKey (not valid in a header).</exception>
    public static ApiConnection Create(string? key, string? baseAddress = null)
    {
        Uri address = ParseBaseAddress(string.IsNullOrWhiteSpace(baseAddress) ? DefaultBaseAddress : baseAddress.Trim());
        key = key?.Trim();
        if (string.IsNullOrEmpty(key))
        {
            throw new ChuiziException(ChuiziErrorKind.NotConnected, "No API key was specified.");
        }

        if (key.Any(letter => letter is <= ' ' or > '~'))
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidApiKey,
                "The API key contains a space, a line break or another character that is not allowed. An API key is 'ck-' followed by "
                    + "32 letters or digits.");
        }

        return new ApiConnection(address, key);
    }

    /// <summary>Adds the key to a request, which must go to the API's origin.</summary>
    internal void Authorize(HttpRequestMessage request)
    {
        if (request.RequestUri?.GetLeftPart(UriPartial.Authority) != Origin)
        {
            throw new InvalidOperationException("The API key is sent only to the API's origin.");
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
    }

    /// <summary><paramref name="text"/> without the key.</summary>
    internal string Mask(string text) => SecretRedactor.Mask(text, _key);

    /// <summary>A response without the key, in case the server echoes it: parts of the response are shown to users.</summary>
    internal ReadOnlyMemory<byte> Mask(ReadOnlyMemory<byte> body)
    {
        // A "key" of a few characters would also match by chance, for example in an id.
        if (_key.Length < ShortestMasked || body.Span.IndexOf(Encoding.ASCII.GetBytes(_key)) < 0)
        {
            return body;
        }

        // Latin-1 preserves every byte.
        return Encoding.Latin1.GetBytes(SecretRedactor.MaskKeys(Encoding.Latin1.GetString(body.Span), _key));
    }

    /// <summary>The base address, without the key.</summary>
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
                $"The base address '{SecretRedactor.Mask(text)}' is not a valid http or https address. Use an address such as "
                    + $"{DefaultBaseAddress}.");
        }

        if (!WebAddress.IsSafe(address))
        {
            throw new ChuiziException(
                ChuiziErrorKind.InvalidBaseAddress,
                $"The base address '{SecretRedactor.Mask(text)}' uses http, which would send the API key unencrypted. Use https; http is "
                    + "allowed only for loopback addresses (127.0.0.1, localhost).");
        }

        // A host without a path gets the API's path, as in the contract's examples.
        string path = address.AbsolutePath.TrimEnd('/');
        return new Uri(address.GetLeftPart(UriPartial.Authority) + (path.Length == 0 ? "/v1" : path));
    }
}
