namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Takes the developer's own key, address and ledger out of the environment: no example may ever spend money.</summary>
internal sealed class NoEnvironment : IDisposable
{
    public static readonly IReadOnlyList<string> Variables = ["CHUIZI_API_KEY", "CHUIZI_BASE_URL", "CHUIZI_LEDGER"];

    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];

    public NoEnvironment()
    {
        foreach (string variable in Variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    public void Dispose()
    {
        for (int index = 0; index < _before.Length; index++)
        {
            Environment.SetEnvironmentVariable(Variables[index], _before[index]);
        }
    }
}
