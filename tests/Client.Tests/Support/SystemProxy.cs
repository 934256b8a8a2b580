using System.Collections.Concurrent;
using System.Net;
using Xunit;

[assembly: AssemblyFixture(typeof(Chuizi.Video.Client.Tests.Support.SystemProxy))]

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>
/// The proxy that all tests of the process have in place of the system's. It is used only for the addresses that a test routes to a
/// server of its own.
/// </summary>
public sealed class SystemProxy : IWebProxy
{
    // The client's pools keep the proxy that was there at their first request, so that all instances share the routes.
    private static readonly ConcurrentDictionary<string, Uri> s_routes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Replaces the system's proxy before the first test runs.</summary>
    public SystemProxy() => HttpClient.DefaultProxy = this;

    public ICredentials? Credentials { get; set; }

    /// <summary>Sends requests to the host and port of <paramref name="address"/> through <paramref name="proxy"/>.</summary>
    public static void Route(Uri address, Uri proxy) => s_routes[address.Authority] = proxy;

    public Uri? GetProxy(Uri destination) => s_routes.TryGetValue(destination.Authority, out Uri? proxy) ? proxy : null;

    public bool IsBypassed(Uri host) => !s_routes.ContainsKey(host.Authority);
}
