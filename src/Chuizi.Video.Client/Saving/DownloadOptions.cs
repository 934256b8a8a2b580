using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Saving;

/// <summary>How files are downloaded. The clock and the randomness are options so that tests need not wait.</summary>
internal sealed record DownloadOptions
{
    /// <summary>The clock of delays and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gives numbers from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>How long the next bytes may take. It limits a stall and not the transfer: a slow one of any length succeeds.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often in a row a transfer may break without having come further than before.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>
    /// Whether addresses of this machine and of its networks are fetched. Only for an API that is there itself: any other could have this
    /// machine ask, from behind the firewall, what it cannot ask itself.
    /// </summary>
    public bool AllowsPrivateNetwork { get; init; }

    /// <summary>Called for each request, on the thread on which its answer begins.</summary>
    public Action<RequestTrace>? Trace { get; init; }
}
