using System.Net;

namespace Chuizi.Video.Client.Text;

/// <summary>Decides which addresses may be requested.</summary>
internal static class WebAddress
{
    /// <summary>Whether <paramref name="address"/> may be requested at all: https, or http on loopback.</summary>
    public static bool IsSafe(Uri address) =>
        address.IsAbsoluteUri && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && IsLoopback(address)));

    /// <summary>Whether <paramref name="address"/> is a loopback address.</summary>
    public static bool IsLoopback(Uri address) =>
        address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip));
}
