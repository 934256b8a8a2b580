using Chuizi.Video.Client.Files;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Gives each video of a run a file of its own in one folder. The second video of a name gets <c>name (2).mp4</c>; names that
/// differ only in case or Unicode form count as one, since some file systems see them so.
/// </summary>
internal sealed class FileNameAllocator(string folder)
{
    /// <summary>The owner of a name whose file stays what it is; no id is empty.</summary>
    private const string Nobody = "";

    private readonly string _folder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The full path for a video whose name shall be like <paramref name="wanted"/>.</summary>
    /// <param name="wanted">The name.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="isOthers">Whether a file of that full path is another video's; null where nobody knows.</param>
    /// <param name="isKept">Whether a file of that full path is there and is kept, so that the video will not get it; null for never.</param>
    public string Take(string wanted, string video, Func<string, bool>? isOthers = null, Func<string, bool>? isKept = null)
    {
        string name = FileNames.Safe(wanted);
        string folded = FileNames.Fold(name);
        string candidate = name;
        // Numbers go on where this name's last one was: a batch may have one name thousands of times.
        int number = _numbers.GetValueOrDefault(folded, 1);
        // What is passed over stays free: its owner may come later in this run, and keeps it then.
        while (_owners.ContainsKey(FileNames.Fold(candidate)) || isOthers?.Invoke(System.IO.Path.Combine(_folder, candidate)) == true)
        {
            candidate = FileNames.Numbered(name, ++number);
        }

        string path = System.IO.Path.Combine(_folder, candidate);
        _owners.Add(FileNames.Fold(candidate), isKept?.Invoke(path) == true ? Nobody : video);
        _numbers[folded] = number;
        return path;
    }

    /// <summary>
    /// Keeps the name of a file that a video has already; false where that is in another folder, is another video's by now, or is no name
    /// that a video gets here: a ledger may be anybody's, and its names are not to choose what is replaced.
    /// </summary>
    public bool Keep(string path, string video)
    {
        string name = System.IO.Path.GetFileName(path);
        if (!FileNames.IsVideos(name) || !PathComparer.Instance.Equals(System.IO.Path.GetDirectoryName(path), _folder))
        {
            return false;
        }

        string folded = FileNames.Fold(name);
        if (_owners.GetValueOrDefault(folded, Nobody) == Nobody)
        {
            _owners[folded] = video;
        }

        return _owners[folded] == video;
    }
}
