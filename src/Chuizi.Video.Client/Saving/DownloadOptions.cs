using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Saving;

/// <summary>Options for downloads. The clock and the randomness can be replaced, so that tests do not have to wait.</summary>
internal sealed record DownloadOptions
{
    /// <summary>The clock for delays and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Returns random numbers from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The longest wait for the next bytes. It limits a stall, not the transfer: a slow transfer of any length succeeds.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often in a row a transfer may fail without getting further than before.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>
    /// Whether addresses on this machine and in private networks are allowed. Only for an API that is there itself: any other could
    /// otherwise make this machine send requests behind the firewall.
    /// </summary>
    public bool AllowsPrivateNetwork { get; init; }

    /// <summary>Called for each request, on the thread on which its response starts.</summary>
    public Action<RequestTrace>? Trace { get; init; }
}
