using System.IO.Compression;
using System.Xml.Linq;

namespace Chuizi.Video.Module.Tests.Package;

/// <summary>The package of the built module, created once and extracted as an installer does.</summary>
public sealed class PackageFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-package-").FullName;

    public PackageFixture()
    {
        Nupkg = Make("made");
        Installed = Path.Combine(_folder, "installed", "Chuizi.Video", Path.GetFileNameWithoutExtension(Nupkg)["Chuizi.Video.".Length..]);
        using ZipArchive archive = ZipFile.OpenRead(Nupkg);
        Entries = [.. archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
        archive.ExtractToDirectory(Installed);
        Nuspec = XDocument.Load(Path.Combine(Installed, "Chuizi.Video.nuspec")).Root!.Elements().Single();
    }

    public string Nupkg { get; }

    public IReadOnlyList<string> Entries { get; }

    /// <summary>The folder of the extracted package, named after its version as an installer does.</summary>
    public string Installed { get; }

    /// <summary>The module folder next to the package.</summary>
    public string Module => Path.Combine(_folder, "made", "Chuizi.Video");

    /// <summary>The metadata of the package.</summary>
    public XElement Nuspec { get; }

    public string Fact(string name) => Nuspec.Element(Nuspec.Name.Namespace + name)!.Value;

    /// <summary>Creates the package in a subfolder, and returns the path of the .nupkg.</summary>
    public string Make(string name)
    {
        Assert.SkipUnless(ChildProcess.IsOnPath("dotnet"), "The package was not made: dotnet is not on the PATH.");
        string to = Path.Combine(_folder, name);
        ChildResult run = ChildProcess.RunScript(
            Repository.PathOf("tools", "New-Package.ps1"),
            ["-Module", Path.GetDirectoryName(Repository.Module)!, "-Destination", to],
            _folder);
        run.ExitCode.ShouldBe(0, run.Text);
        return Directory.GetFiles(to, "*.nupkg").Single();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
