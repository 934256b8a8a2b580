using System.Net;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// Addresses of this machine and of private networks (RFC 6890), and those of NAT64, 64:ff9b::/96, which may contain such an address. A
/// response from outside must not lead to them, for example to a service on loopback or to a cloud's metadata. A host name counts as
/// outside, because TLS requires a certificate for that name.
/// </summary>
internal static class PrivateNetwork
{
    private static readonly IPNetwork[] s_networks =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
            "::/127", "64:ff9b::/96", "fc00::/7", "fe80::/10", "fec0::/10",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Whether <paramref name="address"/> is such a host, by its IP address or as localhost.</summary>
    public static bool Contains(Uri address)
    {
        string host = address.IdnHost.TrimEnd('.');
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!IPAddress.TryParse(host, out IPAddress? ip))
        {
            return false;
        }

        ip = ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;
        return s_networks.Any(network => network.Contains(ip));
    }
}
