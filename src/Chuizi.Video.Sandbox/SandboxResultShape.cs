namespace Chuizi.Video.Sandbox;

/// <summary>The formats in which the API is known to describe a finished job.</summary>
public enum SandboxResultShape
{
    /// <summary>API contract, layer 1: <c>succeeded</c>, with the URL as <c>url</c> and <c>video_url</c>.</summary>
    Contract,

    /// <summary>The older guide (layer 2): <c>completed</c>, with the URL as <c>output.video_url</c>.</summary>
    Legacy,

    /// <summary><c>succeeded</c>, with <c>url</c> only.</summary>
    UrlOnly,

    /// <summary><c>succeeded</c>, with <c>video_url</c> only.</summary>
    VideoUrlOnly,
}
