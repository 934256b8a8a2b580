using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>Decides from where a page can play a video, or only link to it.</summary>
internal sealed class MediaUrlResolver
{
    private static readonly string[] s_pictures = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    private readonly string _folder;
    private readonly string _root;
    private readonly Func<string, bool> _exists;

    /// <summary>Creates a resolver for the page at a full path.</summary>
    /// <param name="page">The full path of the page.</param>
    /// <param name="exists">Whether a file exists. Called only for files on the page's own drive or share.</param>
    public MediaUrlResolver(string page, Func<string, bool> exists)
    {
        string full = System.IO.Path.GetFullPath(page);
        _folder = System.IO.Path.GetDirectoryName(full)!;
        _root = System.IO.Path.GetPathRoot(full)!;
        _exists = exists;
    }

    /// <summary>
    /// The URL of a saved file, relative to the page; null if it cannot be played from there. A file on another drive or share is not
    /// accessed at all: a ledger may come from anyone, and opening a path on a server sends it the user's credentials.
    /// </summary>
    public string? Source(string? path, out bool isElsewhere)
    {
        isElsewhere = false;
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        isElsewhere = true;
        if (path.Contains('\0', StringComparison.Ordinal) || !System.IO.Path.IsPathFullyQualified(path))
        {
            return null;
        }

        string full = System.IO.Path.GetFullPath(path);
        if (!PathComparer.Instance.Equals(System.IO.Path.GetPathRoot(full), _root))
        {
            return null;
        }

        isElsewhere = false;
        return _exists(full) ? Relative(full) : null;
    }

    /// <summary>The URL of a picture file, relative to the page; null if it is not one, or cannot be shown from there.</summary>
    public string? Picture(string? path) =>
        s_pictures.Contains(System.IO.Path.GetExtension(path ?? ""), StringComparer.OrdinalIgnoreCase) ? Source(path, out _) : null;

    /// <summary>The address of a video that the page may link to: https, or http on loopback; null for any other.</summary>
    public static string? Link(Uri? address) =>
        address is { IsAbsoluteUri: true, UserInfo: "" } && WebAddress.IsSafe(address) ? address.AbsoluteUri : null;

    // Each segment is escaped separately, so that '#', '?' or '%' in a name stays part of the name.
    private string Relative(string full) => string.Join('/', System.IO.Path.GetRelativePath(_folder, full)
        .Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
}
