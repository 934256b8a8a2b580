namespace Chuizi.Video.Client.Api;

/// <summary>
/// Options of a <see cref="ChuiziClient"/>. The clock and the randomness can be replaced, so that tests do not have to wait.
/// </summary>
internal sealed class ChuiziClientOptions
{
    /// <summary>The clock for delays and timeouts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The user's state folder, in which all processes share the request budget of a key; null to share nothing.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Returns random numbers from 0 up to 1.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>The number of retries of a request that is safe to repeat.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>
    /// The number of retries of a submission after 429, which says that nothing was accepted. It is given up earlier if the whole process
    /// was refused this often without a request that was accepted.
    /// </summary>
    public int RateLimitRetries { get; init; } = 20;

    /// <summary>The timeout of one GET attempt.</summary>
    public TimeSpan GetTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The timeout of one submission attempt (API contract, layer 2: 300 s are recommended for video).</summary>
    public TimeSpan PostTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Called with the reason when a request was refused with 429 and will be retried, on any thread.</summary>
    public Action<ChuiziException>? Refused { get; init; }

    /// <summary>Called after each attempt, on any thread.</summary>
    public Action<RequestTrace>? Trace { get; init; }

    /// <summary>Whether <see cref="Trace"/> receives the bodies, too.</summary>
    public bool TracesBodies { get; init; }
}
