using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// The pooled HTTP stack of the process for all its requests. It does not follow redirects or keep cookies, and bypasses the proxy for
/// loopback.
/// </summary>
internal static class HttpPool
{
    /// <summary>The timeout of a connection attempt.</summary>
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(15);

    // A new connection every few minutes picks up DNS changes.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    private static readonly Lazy<HttpMessageInvoker> s_direct = new(() => Make(useProxy: false, s_lifetime));
    private static readonly Lazy<HttpMessageInvoker> s_outside = new(() => Make(useProxy: true, s_lifetime));
    private static readonly Lazy<HttpMessageInvoker> s_newDirect = new(() => Make(useProxy: false, TimeSpan.Zero));
    private static readonly Lazy<HttpMessageInvoker> s_newOutside = new(() => Make(useProxy: true, TimeSpan.Zero));

    /// <summary>The product and the runtime, e.g. <c>Chuizi.Video/0.1.0 (.NET 8.0.11; Linux)</c>.</summary>
    public static string UserAgent { get; } = MakeUserAgent();

    /// <summary>The invoker to use for an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isNewConnection">
    /// Whether to open a new connection, for a request that cannot be repeated: the server may be closing a pooled one.
    /// </param>
    public static HttpMessageInvoker For(Uri address, bool isNewConnection = false) =>
        (WebAddress.IsLoopback(address), isNewConnection) switch
        {
            (true, true) => s_newDirect.Value,
            (true, false) => s_direct.Value,
            (false, true) => s_newOutside.Value,
            _ => s_outside.Value,
        };

    private static HttpMessageInvoker Make(bool useProxy, TimeSpan lifetime) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = useProxy,
        ConnectTimeout = s_connectTimeout,
        PooledConnectionLifetime = lifetime,
    });

    private static string MakeUserAgent()
    {
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        return $"{Product.Name}/{Product.Version} (.NET {Environment.Version}; {system})";
    }
}
