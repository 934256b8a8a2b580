using System.Reflection;

namespace Chuizi.Video.Soak.Runs;

/// <summary>The module as it was built.</summary>
internal static class Built
{
    /// <summary>Its manifest.</summary>
    public static string Module { get; } = Path.Combine(
        typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ModuleOutput").Value!,
        "Chuizi.Video.psd1");
}
