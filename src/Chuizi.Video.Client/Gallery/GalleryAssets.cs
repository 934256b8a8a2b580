using System.Security.Cryptography;
using System.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>What every page carries inside: its style and its script, and the policy that lets a browser run no other.</summary>
internal static class GalleryAssets
{
    /// <summary>The style sheet, as it stands between its tags.</summary>
    public static string Style { get; } = Read("gallery.css");

    /// <summary>The script, as it stands between its tags.</summary>
    public static string Script { get; } = Read("gallery.js");

    /// <summary>
    /// The content security policy: no network at all, media from the page's own place or the disk, and only this style and this script.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; media-src 'self' file:; img-src data:; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri "
            + "'none'; form-action 'none'";

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using Stream data = typeof(GalleryAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using StreamReader reader = new(data, Encoding.UTF8);
        // A browser hashes what its parser makes of line ends, which is LF.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
