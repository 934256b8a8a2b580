namespace Chuizi.Video.Sandbox;

/// <summary>The settings of a <see cref="SandboxServer"/>. Every setting has a default.</summary>
public sealed class SandboxOptions
{
    /// <summary>The port of the API on 127.0.0.1; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the media origin on 127.0.0.1; 0 for a free one.</summary>
    public int MediaPort { get; init; }

    /// <summary>The only key accepted: <c>ck-</c> and 32 letters or digits (API contract, layer 2).</summary>
    public string ApiKey { get; init; } = SandboxServer.DefaultApiKey;

    /// <summary>How long a video takes by <see cref="Clock"/>, from the submission to the end.</summary>
    public TimeSpan GenerationTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>If set, each job takes a random time between <see cref="GenerationTime"/> and this, based on <see cref="Seed"/>.</summary>
    public TimeSpan? GenerationTimeMaximum { get; init; }

    /// <summary>The random seed for generation times and pictures. The same seed gives the same results.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The submissions and polls allowed in any 60 seconds (API contract, layer 2: a sliding window); null for no
    /// limit. Rejected requests do not count.
    /// </summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The delay before every response of the API.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The delay before every response of the media origin.</summary>
    public TimeSpan MediaLatency { get; init; }

    /// <summary>The initial balance of the account in USD. A submission that exceeds it gets 402.</summary>
    public decimal Balance { get; init; } = 100m;

    /// <summary>
    /// The most that the key may spend in one UTC day, in USD; null for no limit. Above it: 403
    /// <c>daily_limit_exceeded</c>.
    /// </summary>
    public decimal? DailyLimit { get; init; }

    /// <summary>The models that the key may use; null for all. Others: 403 <c>model_not_allowed</c>.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Whether <c>GET /v1/key/info</c> wraps its response in <c>data</c> (both occur: API contract, layer 2).</summary>
    public bool WrapKeyInfo { get; init; }

    /// <summary>How the API describes a finished job.</summary>
    public SandboxResultShape Shape { get; init; }

    /// <summary>
    /// The size in bytes of a <c>free</c> box at the end of every video, for large files that still play; 0 for none,
    /// otherwise at least 8. Generated while sending, never held in memory.
    /// </summary>
    public long VideoPadding { get; init; }

    /// <summary>The maximum number of requests in <see cref="SandboxServer.Requests"/>. The oldest are removed first.</summary>
    public int MaximumRecordedRequests { get; init; } = 100_000;

    /// <summary>The clock for jobs, the rate limit and every delay.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Called for every request after its response was sent or its connection dropped. The standalone program logs with
    /// it.
    /// </summary>
    internal Action<RecordedRequest>? RequestFinished { get; init; }

    /// <summary>Throws if an option is out of range.</summary>
    internal static void Validate(SandboxOptions options)
    {
        Require(!string.IsNullOrWhiteSpace(options.ApiKey), nameof(ApiKey));
        Require(options.Port is >= 0 and <= ushort.MaxValue, nameof(Port));
        Require(options.MediaPort is >= 0 and <= ushort.MaxValue, nameof(MediaPort));
        Require(options.GenerationTime >= TimeSpan.Zero, nameof(GenerationTime));
        Require(
            options.GenerationTimeMaximum is null || options.GenerationTimeMaximum >= options.GenerationTime,
            nameof(GenerationTimeMaximum));
        Require(options.RequestsPerMinute is null or > 0, nameof(RequestsPerMinute));
        Require(options.Latency >= TimeSpan.Zero, nameof(Latency));
        Require(options.MediaLatency >= TimeSpan.Zero, nameof(MediaLatency));
        Require(options.VideoPadding is 0 or >= 8, nameof(VideoPadding));
        Require(options.MaximumRecordedRequests > 0, nameof(MaximumRecordedRequests));
        Require(options.Clock is not null, nameof(Clock));

        void Require(bool isGood, string name)
        {
            if (!isGood)
            {
                throw new ArgumentException($"{name} is out of range.", nameof(options));
            }
        }
    }
}
