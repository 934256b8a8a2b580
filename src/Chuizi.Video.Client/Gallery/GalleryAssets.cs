using System.Security.Cryptography;
using System.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The style and script that every page contains, and the policy that makes a browser run nothing else.</summary>
internal static class GalleryAssets
{
    // One script in several files, which share their variables.
    private static readonly string[] s_scripts = ["gallery.js", "arrange.js", "review.js", "viewer.js", "compare.js", "keys.js"];

    /// <summary>The style sheet, exactly as in the page: the policy contains its hash.</summary>
    public static string Style { get; } = Read("gallery.css");

    /// <summary>The script, exactly as in the page: the policy contains its hash.</summary>
    public static string Script { get; } = $"'use strict';\n(() => {{\n{string.Concat(s_scripts.Select(Read))}}})();\n";

    /// <summary>
    /// The content security policy: no network access, media and pictures only from the page's own location or the disk, and only this
    /// style and script.
    /// </summary>
    public static string Policy { get; } =
        $"default-src 'none'; media-src 'self' file:; img-src 'self' file: data:; style-src '{Hash(Style)}'; "
            + $"script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using Stream data = typeof(GalleryAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using StreamReader reader = new(data, Encoding.UTF8);
        // HTML parsers convert line endings to LF before the browser calculates the hash.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
