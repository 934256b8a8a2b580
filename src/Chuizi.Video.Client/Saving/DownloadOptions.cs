using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Saving;

/// <summary>How files are fetched; clock and randomness are here so that tests need not wait.</summary>
internal sealed record DownloadOptions
{
    /// <summary>The clock of delays and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gives numbers from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>How long the next bytes may take. It bounds a stall and not the transfer: a slow one of any length succeeds.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often in a row a transfer may break without having got any further.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>
    /// Whether addresses of this machine and of the networks that it is in are fetched. For an API that is there itself; any other would have
    /// us ask, from behind the firewall, what it cannot.
    /// </summary>
    public bool AllowsPrivateNetwork { get; init; }

    /// <summary>Told of each request, on whatever thread its answer begins.</summary>
    public Action<RequestTrace>? Trace { get; init; }
}
