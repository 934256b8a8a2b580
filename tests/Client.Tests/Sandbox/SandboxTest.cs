using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Base for tests with their own sandbox, on a clock that the test moves.</summary>
public abstract class SandboxTest : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private TempFolder? _folder;

    internal ManualClock Clock { get; } = new();

    /// <summary>A folder for this test, deleted when it ends.</summary>
    internal TempFolder Folder => _folder ??= new TempFolder();

    internal SandboxClient Start(SandboxOptions? options = null)
    {
        SandboxServer server = SandboxServer.Start(options ?? new SandboxOptions { Clock = Clock });
        var client = new SandboxClient(server);
        _owned.Add(client);
        _owned.Add(server);
        return client;
    }

    internal async Task<(SandboxClient Client, string Id)> StartFinishedAsync(SandboxOptions? options = null)
    {
        SandboxClient client = Start(options);
        string id = await client.MakeAsync();
        Clock.Advance(TimeSpan.FromSeconds(2));
        return (client, id);
    }

    public ValueTask DisposeAsync()
    {
        _owned.ForEach(owned => owned.Dispose());
        _folder?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
