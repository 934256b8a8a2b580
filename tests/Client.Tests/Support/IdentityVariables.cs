namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Sets the environment variables of the managed identity until it is disposed. For tests that run alone.</summary>
internal sealed class IdentityVariables : IDisposable
{
    private const string Endpoint = "IDENTITY_ENDPOINT";
    private const string Header = "IDENTITY_HEADER";

    private readonly string? _endpoint = Environment.GetEnvironmentVariable(Endpoint);
    private readonly string? _header = Environment.GetEnvironmentVariable(Header);

    public IdentityVariables(string? endpoint, string? header) => Set(endpoint, header);

    public void Dispose() => Set(_endpoint, _header);

    private static void Set(string? endpoint, string? header)
    {
        Environment.SetEnvironmentVariable(Endpoint, endpoint);
        Environment.SetEnvironmentVariable(Header, header);
    }
}
