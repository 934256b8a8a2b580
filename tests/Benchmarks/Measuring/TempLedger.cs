namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>A folder for the default ledger, while it lives.</summary>
internal sealed class TempLedger : IDisposable
{
    private const string Variable = "CHUIZI_LEDGER";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public TempLedger() => Environment.SetEnvironmentVariable(Variable, Folder);

    /// <summary>Where it is.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("chuizi-bench-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Directory.Delete(Folder, recursive: true);
    }
}
