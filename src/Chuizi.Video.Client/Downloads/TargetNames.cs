namespace Chuizi.Video.Client.Downloads;

/// <summary>
/// Gives each video of a run a file of its own in one folder. The second video of a name gets <c>name (2).mp4</c>; names that
/// differ only in case or Unicode form count as one, since some file systems see them so.
/// </summary>
public sealed class TargetNames(string folder)
{
    /// <summary>The owner of a name that is kept for the video whose file has it; no id is empty.</summary>
    private const string Absent = "";

    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The full path for a video whose name shall be like <paramref name="wanted"/>.</summary>
    /// <param name="wanted">The name.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="isOthers">Whether a file of that full path is another video's; null where nobody knows.</param>
    public string Take(string wanted, string video, Func<string, bool>? isOthers = null)
    {
        string name = FileNames.Safe(wanted);
        string folded = FileNames.Fold(name);
        string candidate = name;
        // Numbers go on where this name's last one was: a batch may have one name thousands of times.
        int number = _numbers.GetValueOrDefault(folded, 1);
        while (!TryTake(candidate, video, isOthers))
        {
            candidate = FileNames.Numbered(name, ++number);
        }

        _numbers[folded] = number;
        return System.IO.Path.Combine(folder, candidate);
    }

    /// <summary>
    /// Keeps the name of a file that a video has already; false where that is in another folder, is another video's by now, or is no name
    /// that a video gets here: a ledger may be anybody's, and its names are not to choose what is replaced.
    /// </summary>
    public bool Keep(string path, string video)
    {
        string name = System.IO.Path.GetFileName(path);
        if (!FileNames.IsVideos(name) || !PathComparer.Instance.Equals(System.IO.Path.GetDirectoryName(path), folder.TrimEnd(System.IO.Path.DirectorySeparatorChar)))
        {
            return false;
        }

        string folded = FileNames.Fold(name);
        if (_owners.TryAdd(folded, video) || _owners[folded] == Absent)
        {
            _owners[folded] = video;
        }

        return _owners[folded] == video;
    }

    private bool TryTake(string name, string video, Func<string, bool>? isOthers)
    {
        string folded = FileNames.Fold(name);
        if (!_owners.TryAdd(folded, video))
        {
            return false;
        }

        if (isOthers?.Invoke(System.IO.Path.Combine(folder, name)) == true)
        {
            // For whoever has it, who may be yet to come.
            _owners[folded] = Absent;
            return false;
        }

        return true;
    }
}
