using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A folder of one test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("chuizi-test-").FullName;

    public string Path { get; }

    public IEnumerable<string> Names =>
        Directory.EnumerateFileSystemEntries(Path).Select(name => System.IO.Path.GetFileName(name)).Order(StringComparer.Ordinal);

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(Of(name), content.ToArray());
        return Of(name);
    }

    /// <summary>Makes a named pipe, which whoever opens waits for another to write to; the test is skipped where there are none.</summary>
    public void MakePipe(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes have no place in folders on Windows.");
        using Process process = Process.Start("mkfifo", Of(name));
        process.WaitForExit();
        File.Exists(Of(name)).ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
