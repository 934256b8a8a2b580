using System.Reflection;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>The paths of the modules to import.</summary>
internal static class Modules
{
    /// <summary>The module under test, as built.</summary>
    public static string Ours => Path.Combine(Path.GetFullPath(Told("ModuleOutput")), "Chuizi.Video.psd1");

    /// <summary>A binary module with one cmdlet that does nothing, and a manifest, as any published module has.</summary>
    public static string Empty => Path.GetFullPath(Told("EmptyModule"));

    /// <summary>The empty module with a file of types and a file of views, each as short as possible.</summary>
    public static string EmptyWithFiles => Path.Combine(Path.GetDirectoryName(Empty)!, "WithFiles.psd1");

    /// <summary>The empty module without its manifest, because the engine spends time reading one.</summary>
    public static string EmptyAssembly => Path.ChangeExtension(Empty, ".dll");

    private static string Told(string name) =>
        typeof(Modules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
