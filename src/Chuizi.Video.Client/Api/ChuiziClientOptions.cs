namespace Chuizi.Video.Client.Api;

/// <summary>How a <see cref="ChuiziClient"/> behaves; clock and randomness are here so that tests need not wait.</summary>
internal sealed class ChuiziClientOptions
{
    /// <summary>The clock of delays and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Gives numbers from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>How often a request is repeated where that is safe.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>How often a submission is repeated after 429, which says that nothing was taken.</summary>
    public int RateLimitRetries { get; init; } = 20;

    /// <summary>The time of one GET attempt.</summary>
    public TimeSpan GetTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time of one submission attempt (API contract, layer 2: 300 s are recommended for video).</summary>
    public TimeSpan PostTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Told of each attempt, on whatever thread it ends.</summary>
    public Action<RequestTrace>? Trace { get; init; }

    /// <summary>Whether <see cref="Trace"/> is told the bodies, too.</summary>
    public bool TracesBodies { get; init; }
}
