namespace Chuizi.Video;

/// <summary>Where a sandbox is, for other clients too. Its key opens nothing else and is no secret.</summary>
public sealed class SandboxInfo
{
    /// <summary>The API's base address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The origin of the videos.</summary>
    public Uri? MediaAddress { get; set; }

    /// <summary>The only key it takes.</summary>
    public string? ApiKey { get; set; }
}
