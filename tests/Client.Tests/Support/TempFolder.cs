namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A folder of one test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("chuizi-test-").FullName;

    public string Path { get; }

    public IEnumerable<string> Names => Directory.EnumerateFileSystemEntries(Path).Select(name => System.IO.Path.GetFileName(name)).Order(StringComparer.Ordinal);

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(Of(name), content.ToArray());
        return Of(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
