namespace Chuizi.Video;

/// <summary>The addresses and the key of a sandbox, for other clients. The key works only there and is not a secret.</summary>
public sealed class SandboxInfo
{
    /// <summary>The base address of the API.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The origin that serves the videos.</summary>
    public Uri? MediaAddress { get; set; }

    /// <summary>The only key that the sandbox accepts.</summary>
    public string? ApiKey { get; set; }
}
