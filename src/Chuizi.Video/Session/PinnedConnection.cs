using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Module.Session;

/// <summary>The connection of a pipeline at its start, or the reason why there was none.</summary>
internal sealed class PinnedConnection
{
    private readonly ApiConnection? _connection;
    private readonly ChuiziException? _failure;
    private readonly bool _isFromEnvironment;

    public PinnedConnection(ApiConnection? connection)
    {
        _connection = connection;
        _isFromEnvironment = connection is null;
        try
        {
            _connection ??= ModuleSession.FromEnvironment(null);
        }
        catch (ChuiziException exception)
        {
            _failure = exception;
        }
    }

    /// <summary>Whether there is a connection.</summary>
    public bool IsUsable => _failure is null && !(_isFromEnvironment && RunningSandbox.Exists);

    /// <summary>The connection.</summary>
    /// <exception cref="ChuiziException">NotConnected, InvalidApiKey or InvalidBaseAddress.</exception>
    public ApiConnection Get()
    {
        if (_isFromEnvironment)
        {
            // A sandbox may have started since the pipeline began.
            RunningSandbox.RefuseWhileAnyRuns();
        }

        return _connection ?? throw _failure!;
    }
}
