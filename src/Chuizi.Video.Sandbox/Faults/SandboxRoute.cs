namespace Chuizi.Video.Sandbox;

/// <summary>What a request asks for.</summary>
public enum SandboxRoute
{
    /// <summary>As a fault's route: every request. As a request's route: nothing the sandbox knows.</summary>
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
