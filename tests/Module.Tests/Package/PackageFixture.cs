using System.IO.Compression;
using System.Xml.Linq;
using Chuizi.Video.EngineHost.Hosting;
using Chuizi.Video.Module.Tests.Docs;

namespace Chuizi.Video.Module.Tests.Package;

/// <summary>The package of the built module, made once with the .NET SDK alone and unpacked as an installer would.</summary>
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

    /// <summary>The engine host, which is the bare engine in a process of its own.</summary>
    public static string Host { get; } = Path.ChangeExtension(typeof(EngineSession).Assembly.Location, ".dll");

    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public string Nupkg { get; }

    public IReadOnlyList<string> Entries { get; }

    /// <summary>Where an installer would have put it, in a folder with the name of the version.</summary>
    public string Installed { get; }

    /// <summary>The folder that lies beside the package.</summary>
    public string Module => Path.Combine(_folder, "made", "Chuizi.Video");

    /// <summary>The metadata of the package.</summary>
    public XElement Nuspec { get; }

    public string Fact(string name) => Nuspec.Element(Nuspec.Name.Namespace + name)!.Value;

    /// <summary>Makes it in a folder of that name; the path of the .nupkg.</summary>
    public string Make(string name)
    {
        Assert.SkipUnless(ChildProcess.Exist("dotnet"), "There is no dotnet on the PATH to make a package with.");
        string to = Path.Combine(_folder, name);
        (int code, string output, string errors) = ChildProcess.Run(
            DotNet, _folder, Host, Repository.PathOf("tools", "New-Package.ps1"), "-Module", Path.GetDirectoryName(Repository.Module)!, "-Destination", to);
        code.ShouldBe(0, output + errors);
        return Directory.GetFiles(to, "*.nupkg").Single();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
