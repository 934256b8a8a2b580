namespace Chuizi.Video.Module.Session;

/// <summary>
/// A sandbox in this process. It references no type of the sandbox assembly, so that Connect-ChuiziVideo does not load it.
/// </summary>
internal sealed record RunningSandbox(IDisposable Server, Uri BaseAddress, string ApiKey);
