namespace Chuizi.Video.Sandbox;

/// <summary>What a request is for.</summary>
public enum SandboxRoute
{
    /// <summary>For a fault: every request. For a request: an unknown path, or a method that the path does not support.</summary>
    Any,

    /// <summary><c>POST /v1/videos/generations</c>.</summary>
    Submit,

    /// <summary><c>GET /v1/videos/{id}</c>.</summary>
    Poll,

    /// <summary><c>GET /v1/models</c>.</summary>
    Models,

    /// <summary><c>GET /v1/key/info</c>.</summary>
    KeyInfo,

    /// <summary><c>GET /v1/generation?id=</c>.</summary>
    Generation,

    /// <summary><c>GET</c> or <c>HEAD /videos/{id}.mp4</c> on the media origin.</summary>
    Media,
}
