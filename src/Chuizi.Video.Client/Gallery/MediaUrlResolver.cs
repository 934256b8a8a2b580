using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>Where a page may play a video from, and where it can only point to.</summary>
internal sealed class MediaUrlResolver
{
    private readonly string _folder;
    private readonly string _root;
    private readonly Func<string, bool> _exists;

    /// <summary>For the page at that full path.</summary>
    /// <param name="page">The page.</param>
    /// <param name="exists">Whether a file is there; asked of files on the page's own drive or share alone.</param>
    public MediaUrlResolver(string page, Func<string, bool> exists)
    {
        string full = System.IO.Path.GetFullPath(page);
        _folder = System.IO.Path.GetDirectoryName(full)!;
        _root = System.IO.Path.GetPathRoot(full)!;
        _exists = exists;
    }

    /// <summary>
    /// The address of a saved file, relative to the page; null where it cannot be played from there. A file on another drive or share is
    /// not even looked for: a ledger may be anybody's, and opening a path on a server sends it the user's credentials.
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

    /// <summary>The address of a video that may be followed: https, or http on this machine; null for any other.</summary>
    public static string? Link(Uri? address) =>
        address is { IsAbsoluteUri: true, UserInfo: "" } && WebAddress.IsSafe(address) ? address.AbsoluteUri : null;

    // Each segment on its own, so that a '#', '?' or '%' in a name stays a part of the name.
    private string Relative(string full) => string.Join('/', System.IO.Path.GetRelativePath(_folder, full)
        .Split(System.IO.Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
}
