namespace Chuizi.Video.Client.Api;

/// <summary>A complete response of the API.</summary>
internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body, string? ContentType, string RequestId, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
