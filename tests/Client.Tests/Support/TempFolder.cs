using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A temporary folder for one test, deleted on disposal.</summary>
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

    /// <summary>Creates a named pipe, which blocks on opening until another process writes to it. Skips the test on Windows.</summary>
    public void MakePipe(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in the file system.");
        using Process process = Process.Start("mkfifo", Of(name));
        process.WaitForExit();
        File.Exists(Of(name)).ShouldBeTrue();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
