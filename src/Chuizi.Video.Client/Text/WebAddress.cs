using System.Net;

namespace Chuizi.Video.Client.Text;

/// <summary>Which addresses may be fetched.</summary>
internal static class WebAddress
{
    /// <summary>Whether <paramref name="address"/> may be fetched at all: https, or http on loopback.</summary>
    public static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)));

    /// <summary>Whether <paramref name="address"/> is this machine.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
