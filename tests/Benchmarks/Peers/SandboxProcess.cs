using System.Globalization;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>A sandbox in a process of its own, so that no client shares its memory or pays for it.</summary>
internal sealed class SandboxProcess : IDisposable
{
    /// <summary>What makes this program serve.</summary>
    public const string Argument = "serve";

    // Not the sandbox's own, whose submissions the default ledger leaves out.
    private const string Key = "ck-benchmark0000000000000000000000";

    private readonly Child _child;

    /// <summary>Starts one.</summary>
    /// <param name="padding">What the videos have besides, in bytes.</param>
    /// <param name="mediaLatency">Waited before each answer with a video.</param>
    /// <param name="latency">Waited before each answer of the API.</param>
    /// <param name="generationTime">How long a video takes.</param>
    public SandboxProcess(long padding = 0, TimeSpan mediaLatency = default, TimeSpan latency = default, TimeSpan generationTime = default)
    {
        _child = Child.Start([
            Argument,
            .. new[] { padding, mediaLatency.Ticks, latency.Ticks, generationTime.Ticks }.Select(value =>
                value.ToString(CultureInfo.InvariantCulture)),
        ]);
        BaseAddress = new Uri(_child.ReadLine());
    }

    /// <summary>The API's address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The only key accepted.</summary>
    public string ApiKey { get; } = Key;

    /// <summary>The other side: serves until the input ends, which it does as well when whoever started it is killed.</summary>
    public static void Serve(string[] settings)
    {
        long[] values = [.. settings.Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions
        {
            ApiKey = Key,
            Balance = 10_000_000,
            MaximumRecordedRequests = 1,
            VideoPadding = values[0],
            MediaLatency = TimeSpan.FromTicks(values[1]),
            Latency = TimeSpan.FromTicks(values[2]),
            GenerationTime = TimeSpan.FromTicks(values[3]),
        });
        Console.WriteLine(sandbox.BaseAddress);
        _ = Console.In.ReadToEnd();
    }

    /// <inheritdoc/>
    public void Dispose() => _child.Dispose();
}
