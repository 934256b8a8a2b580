namespace Chuizi.Video.Client.Api;

/// <summary>A response of the API. The body of one to a submission may be cut off: it may still have the id.</summary>
internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body, string? ContentType, string RequestId, TimeSpan? RetryAfter)
{
    /// <summary>The header <c>Location</c>.</summary>
    public Uri? Location { get; init; }

    /// <summary>The header <c>Location</c> without the key, for messages.</summary>
    public string? ShownLocation { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;
}
