using System.Net;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// The pooled HTTP stack of the process, for the API and for downloads. It does not follow redirects or keep cookies, and bypasses the
/// proxy for loopback.
/// </summary>
internal static class HttpPool
{
    /// <summary>The timeout of a connection attempt.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private static readonly Lazy<HttpMessageInvoker> s_direct = new(() => Make(useProxy: false));
    private static readonly Lazy<HttpMessageInvoker> s_outside = new(() => Make(useProxy: true));

    /// <summary>The product and the runtime, e.g. <c>Chuizi.Video/0.1.0 (.NET 8.0.11; Linux)</c>.</summary>
    public static string UserAgent { get; } = MakeUserAgent();

    /// <summary>The invoker to use for an address.</summary>
    public static HttpMessageInvoker For(Uri address) => WebAddress.IsLoopback(address) ? s_direct.Value : s_outside.Value;

    private static HttpMessageInvoker Make(bool useProxy) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = useProxy,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        // A new connection every few minutes picks up DNS changes.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
    });

    private static string MakeUserAgent()
    {
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        return $"{Product.Name}/{Product.Version} (.NET {Environment.Version}; {system})";
    }
}
