namespace Chuizi.Video.Module.Tests.Support;

/// <summary>Removes the user's key, address and ledger from the environment, because a test must never spend money.</summary>
internal sealed class NoEnvironment : IDisposable
{
    private static readonly string[] s_variables = 
        ["CHUIZI_API_KEY", "CHUIZI_BASE_URL", "CHUIZI_LEDGER", "CHUIZI_MAX_COST", "CHUIZI_MONTHLY_BUDGET"];

    private readonly string?[] _before = [.. s_variables.Select(Environment.GetEnvironmentVariable)];

    public NoEnvironment()
    {
        foreach (string variable in s_variables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    public void Dispose()
    {
        for (int index = 0; index < _before.Length; index++)
        {
            Environment.SetEnvironmentVariable(s_variables[index], _before[index]);
        }
    }
}
