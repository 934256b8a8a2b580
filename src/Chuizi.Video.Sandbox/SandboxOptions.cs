namespace Chuizi.Video.Sandbox;

/// <summary>How a <see cref="SandboxServer"/> behaves. Everything has a default that suits a first try.</summary>
public sealed class SandboxOptions
{
    /// <summary>The port of the API on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of the media origin on 127.0.0.1; 0 takes a free one.</summary>
    public int MediaPort { get; init; }

    /// <summary>The only key accepted: <c>ck-</c> and 32 letters or digits (API contract, layer 2).</summary>
    public string ApiKey { get; init; } = SandboxServer.DefaultApiKey;

    /// <summary>How long a video takes by <see cref="Clock"/>, from the submit to its end.</summary>
    public TimeSpan GenerationTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where set, each job takes a time between <see cref="GenerationTime"/> and this, drawn with <see cref="Seed"/>.</summary>
    public TimeSpan? GenerationTimeMaximum { get; init; }

    /// <summary>What generation times and pictures are drawn with; the same seed gives the same ones.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// Submits and polls allowed in any 60 seconds (API contract, layer 2: a sliding window); null for no limit.
    /// Refused requests do not count.
    /// </summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Waited before every answer of the API.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Waited before every answer of the media origin.</summary>
    public TimeSpan MediaLatency { get; init; }

    /// <summary>The money on the account at the start, in USD. A submit it does not cover is answered with 402.</summary>
    public decimal Balance { get; init; } = 100m;

    /// <summary>The most the key may spend in one UTC day, in USD; null for no limit. Beyond it: 403 <c>daily_limit_exceeded</c>.</summary>
    public decimal? DailyLimit { get; init; }

    /// <summary>The models the key may use; null for all. Others: 403 <c>model_not_allowed</c>.</summary>
    public IReadOnlyList<string>? AllowedModels { get; init; }

    /// <summary>Whether <c>GET /v1/key/info</c> wraps its answer in <c>data</c> (both are seen: API contract, layer 2).</summary>
    public bool WrapKeyInfo { get; init; }

    /// <summary>How a finished job is described.</summary>
    public SandboxResultShape Shape { get; init; }

    /// <summary>
    /// The size in bytes of a <c>free</c> box added to the end of every video, to make big files that still play;
    /// 0 for none, else at least 8. Made while sending, never held in memory.
    /// </summary>
    public long VideoPadding { get; init; }

    /// <summary>How many requests <see cref="SandboxServer.Requests"/> keeps; the oldest go first.</summary>
    public int MaximumRecordedRequests { get; init; } = 100_000;

    /// <summary>The clock that jobs, the rate window and every delay go by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told of every request once it is answered or dropped; used by the standalone program's log.</summary>
    internal Action<RecordedRequest>? RequestFinished { get; init; }

    /// <summary>Refuses what makes no sense.</summary>
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
