using System.Reflection;

namespace Chuizi.Video.Tests.Support;

/// <summary>Paths in the checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The root folder of the checkout.</summary>
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>The manifest of the built module.</summary>
    public static string Module { get; } = Path.Combine(Metadata("ModuleOutput"), "Chuizi.Video.psd1");

    /// <summary>The configuration that the tests were built in: Debug or Release.</summary>
    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The folder that NuGet restores packages to.</summary>
    internal static string Packages { get; } = Metadata("NuGetPackageRoot");

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The C# source files below a folder, without generated ones.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !IsBelow(path, "obj") && !IsBelow(path, "bin"));

    private static bool IsBelow(string path, string folder) =>
        path.Contains($"{Path.DirectorySeparatorChar}{folder}{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
