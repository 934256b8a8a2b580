namespace Chuizi.Video.Sandbox.Http;

/// <summary>The received bytes are not a supported request. The server responds once and closes the connection.</summary>
internal sealed class HttpRejectedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
