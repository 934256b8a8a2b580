using System.Reflection;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>Where things are in the checkout.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Module { get; } = Path.Combine(Metadata("ModuleOutput"), "Chuizi.Video.psd1");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
