namespace Chuizi.Video.Module.Session;

/// <summary>A sandbox in this process. It names no type of the sandbox's assembly, so that connecting does not load that.</summary>
internal sealed record RunningSandbox(IDisposable Server, Uri BaseAddress, string ApiKey);
