namespace Chuizi.Video.Tests.Support;

/// <summary>An Azurite that the tests of a class share. It starts when the first test needs it, because it takes a second.</summary>
public sealed class SharedAzurite : IDisposable
{
    private readonly Lazy<Azurite> _server = new(() => new Azurite());

    /// <summary>The server.</summary>
    public Azurite Server => _server.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_server.IsValueCreated)
        {
            _server.Value.Dispose();
        }
    }
}
