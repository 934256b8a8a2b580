using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Gives each video of a run its own file name in one folder. The second video with a name gets <c>name (2).mp4</c>. Names that differ only
/// in case or Unicode form count as equal, because some file systems treat them so.
/// </summary>
internal sealed class FileNameAllocator(string folder)
{
    /// <summary>The owner of a name whose existing file is kept. It is never a video's id.</summary>
    private static readonly TextHash s_noVideo = TextHash.Of("");

    private readonly string _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    /// <summary>The id of the video that owns each folded name.</summary>
    private readonly Dictionary<TextHash, TextHash> _owners = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>Returns the full path for a video.</summary>
    /// <param name="wanted">The preferred name. The result may have a number.</param>
    /// <param name="video">The video's id.</param>
    /// <param name="belongsToAnotherVideo">Whether the file at a path belongs to another video; null if not known.</param>
    /// <param name="isKept">Whether a file exists at a path and will not be replaced by the video; null for never.</param>
    public string Allocate(string wanted, string video, Func<string, bool>? belongsToAnotherVideo = null, Func<string, bool>? isKept = null)
    {
        string name = FileNames.Safe(wanted);
        string folded = FileNames.Fold(name);
        string candidate = name;
        // Continue with the last number of this name: a batch may use one name thousands of times.
        int number = _numbers.GetValueOrDefault(folded, 1);
        // A skipped name stays free: its owner may come later in this run, and then keeps it.
        while (_owners.ContainsKey(KeyOf(candidate)) || belongsToAnotherVideo?.Invoke(Path.Combine(_folder, candidate)) == true)
        {
            candidate = FileNames.Numbered(name, ++number);
        }

        string path = Path.Combine(_folder, candidate);
        _owners.Add(KeyOf(candidate), isKept?.Invoke(path) == true ? s_noVideo : TextHash.Of(video));
        if (number > 1)
        {
            _numbers[folded] = number;
        }

        return path;
    }

    /// <summary>The full path of a file with the preferred name, whoever owns it.</summary>
    public string PathOf(string wanted) => Path.Combine(_folder, FileNames.Safe(wanted));

    /// <summary>
    /// Reserves the name of the file that a video already has. Returns false if the file is in another folder, if its name belongs to
    /// another video, or if it is not a name for a saved video: anyone may have written the ledger, so it must not decide what is replaced.
    /// </summary>
    public bool TryKeep(string path, string video)
    {
        string name = Path.GetFileName(path);
        if (!FileNames.IsVideoName(name) || !PathComparer.Instance.Equals(Path.GetDirectoryName(path), _folder))
        {
            return false;
        }

        TextHash key = KeyOf(name);
        if (_owners.GetValueOrDefault(key, s_noVideo) == s_noVideo)
        {
            _owners[key] = TextHash.Of(video);
        }

        return _owners[key] == TextHash.Of(video);
    }

    private static TextHash KeyOf(string name) => TextHash.Of(FileNames.Fold(name));
}
