namespace Chuizi.Video.Client.Text;

/// <summary>The module's name and version, for requests and files.</summary>
internal static class Product
{
    /// <summary>The module's name.</summary>
    public const string Name = "Chuizi.Video";

    /// <summary>The module's version, e.g. <c>0.1.0</c>.</summary>
    public static string Version { get; } = (typeof(Product).Assembly.GetName().Version ?? new Version(0, 0, 0)).ToString(3);

    /// <summary>The name and version, e.g. <c>Chuizi.Video 0.1.0</c>.</summary>
    public static string Generator { get; } = $"{Name} {Version}";
}
