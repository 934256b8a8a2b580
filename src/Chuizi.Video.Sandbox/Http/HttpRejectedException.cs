namespace Chuizi.Video.Sandbox.Http;

/// <summary>The bytes received are no request this server serves; it answers once and closes the connection.</summary>
internal sealed class HttpRejectedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
