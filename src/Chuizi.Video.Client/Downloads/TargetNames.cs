namespace Chuizi.Video.Client.Downloads;

/// <summary>
/// Gives each video of a run a file of its own in one folder. The second video of a name gets <c>name (2).mp4</c>; names that
/// differ only in case or Unicode form count as one, since some file systems see them so.
/// </summary>
public sealed class TargetNames(string folder)
{
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The full path for a video whose name shall be like <paramref name="wanted"/>.</summary>
    /// <param name="wanted">The name.</param>
    /// <param name="isOthers">Whether a file of that full path is another video's; null where nobody knows.</param>
    public string Take(string wanted, Func<string, bool>? isOthers = null)
    {
        string name = FileNames.Safe(wanted);
        string candidate = name;
        // Numbers go on where this name's last one was: a batch may have one name thousands of times.
        int number = _numbers.GetValueOrDefault(name, 1);
        while (!_taken.Add(candidate) || isOthers?.Invoke(System.IO.Path.Combine(folder, candidate)) == true)
        {
            candidate = FileNames.Numbered(name, ++number);
        }

        _numbers[name] = number;
        return System.IO.Path.Combine(folder, candidate);
    }

    /// <summary>
    /// Keeps the name of a file that a video has already; false where that is in another folder, or is no name that a video gets here: a
    /// ledger may be anybody's, and its names are not to choose what is replaced.
    /// </summary>
    public bool Keep(string path)
    {
        if (!FileNames.IsVideos(System.IO.Path.GetFileName(path)) || !PathComparer.Instance.Equals(System.IO.Path.GetDirectoryName(path), folder.TrimEnd(System.IO.Path.DirectorySeparatorChar)))
        {
            return false;
        }

        _taken.Add(System.IO.Path.GetFileName(path));
        return true;
    }
}
