using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Base for tests with their own sandbox and clients. Waiting takes no time, and random values are always one half.</summary>
public abstract class ClientTest : IAsyncDisposable
{
    /// <summary>Longer than anything that a test waits for.</summary>
    protected static readonly TimeSpan Forever = TimeSpan.FromDays(20);

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<IDisposable> _folders = [];

    internal LeapingClock Leaping { get; } = new();

    internal static VideoRequest Request(string prompt = "A red kite") =>
        new()
        {
            Model = "google/veo-3.1-lite",
            Prompt = prompt,
            Duration = 6,
        };

    internal static MediaSource Image(string text) => MediaSource.Read("Image", text, Path.GetFullPath);

    internal SandboxServer Start(SandboxOptions? options = null) =>
        Own(SandboxServer.Start(options ?? new SandboxOptions { GenerationTime = TimeSpan.Zero }));

    internal RawServer Serve(Func<RawRequest, RawReply?> answer) => Own(new RawServer(answer));

    internal TempFolder Folder()
    {
        TempFolder folder = new();
        _folders.Add(folder);
        return folder;
    }

    internal ChuiziClient Connect(
        SandboxServer server,
        TimeProvider? clock = null,
        int retries = 4,
        int rateLimitRetries = 20,
        Action<RequestTrace>? trace = null
    ) => Connect(server.BaseAddress, server.ApiKey, clock, retries, rateLimitRetries, trace);

    internal ChuiziClient Connect(
        Uri address,
        string key = SandboxServer.DefaultApiKey,
        TimeProvider? clock = null,
        int retries = 4,
        int rateLimitRetries = 20,
        Action<RequestTrace>? trace = null
    ) =>
        new(
            ApiConnection.Create(key, address.OriginalString),
            new ChuiziClientOptions
            {
                Clock = clock ?? Leaping,
                Random = () => 0.5,
                Retries = retries,
                RateLimitRetries = rateLimitRetries,
                GetTimeout = clock is ManualClock ? TimeSpan.FromSeconds(60) : Forever,
                PostTimeout = clock is ManualClock ? TimeSpan.FromSeconds(300) : Forever,
                Trace = trace,
            });

    internal T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in _owned)
        {
            await owned.DisposeAsync();
        }

        _folders.ForEach(folder => folder.Dispose());
        GC.SuppressFinalize(this);
    }
}
