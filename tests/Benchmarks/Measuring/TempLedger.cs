namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>A temporary folder for the default ledger.</summary>
internal sealed class TempLedger : IDisposable
{
    private const string Variable = "CHUIZI_LEDGER";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public TempLedger() => Environment.SetEnvironmentVariable(Variable, Folder);

    /// <summary>The path of the folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("chuizi-bench-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Directory.Delete(Folder, recursive: true);
    }
}
