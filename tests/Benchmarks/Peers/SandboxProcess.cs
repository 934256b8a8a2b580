using System.Globalization;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks.Peers;

/// <summary>A sandbox in its own process, so that it does not share memory or processor time with the client being measured.</summary>
internal sealed class SandboxProcess : IDisposable
{
    /// <summary>The argument that makes this program run a sandbox.</summary>
    public const string Argument = "serve";

    // Not the sandbox's default key, because the default ledger does not record submissions with that key.
    private const string Key = "ck-benchmark0000000000000000000000";

    private readonly Child _child;

    /// <summary>Starts a sandbox.</summary>
    /// <param name="padding">The bytes added to each video.</param>
    /// <param name="mediaLatency">The delay before each response with a video.</param>
    /// <param name="latency">The delay before each response of the API.</param>
    /// <param name="generationTime">How long it takes to generate a video.</param>
    public SandboxProcess(long padding = 0, TimeSpan mediaLatency = default, TimeSpan latency = default, TimeSpan generationTime = default)
    {
        _child = Child.Start([
            Argument,
            .. new[] { padding, mediaLatency.Ticks, latency.Ticks, generationTime.Ticks }.Select(value =>
                value.ToString(CultureInfo.InvariantCulture)),
        ]);
        BaseAddress = new Uri(_child.ReadLine());
    }

    /// <summary>The base address of the API.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The only key that it accepts.</summary>
    public string ApiKey { get; } = Key;

    /// <summary>Runs the sandbox in the child process until its input ends, which also happens when the parent is killed.</summary>
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
