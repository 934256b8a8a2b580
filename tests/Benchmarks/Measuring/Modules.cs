using System.Reflection;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Where the modules lie that are imported.</summary>
internal static class Modules
{
    /// <summary>Ours, as it was built.</summary>
    public static string Ours => Path.Combine(Path.GetFullPath(Told("ModuleOutput")), "Chuizi.Video.psd1");

    /// <summary>A binary module with a cmdlet that does nothing, and a manifest, as whatever is published has.</summary>
    public static string Empty => Path.GetFullPath(Told("EmptyModule"));

    /// <summary>The same without the manifest, whose reading is the engine's work.</summary>
    public static string EmptyAssembly => Path.ChangeExtension(Empty, ".dll");

    private static string Told(string name) =>
        typeof(Modules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == name).Value!;
}
