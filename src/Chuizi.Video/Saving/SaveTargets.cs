using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Saving;

/// <summary>Selects the file for each video of one call of Save-ChuiziVideo. Use only on the pipeline thread.</summary>
internal sealed class SaveTargets
{
    private readonly VideoCmdlet _cmdlet;
    private readonly SaveDestination _destination;
    private readonly bool _force;
    private readonly ScriptBlock? _block;
    private readonly FileNameTemplate? _template;
    private readonly Dictionary<string, FileNameAllocator> _names = new(PathComparer.Instance);
    private readonly Dictionary<string, SidecarIndex> _sidecars = new(PathComparer.Instance);
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    // The paths that videos have got for their names; null if the name was free.
    private readonly Dictionary<TextHash, string?> _given = [];
    private string? _owner;

    /// <summary>Creates it. Throws a terminating error for an invalid -FileName, before the pipeline submits anything.</summary>
    public SaveTargets(VideoCmdlet cmdlet, SaveDestination destination, object? fileName, bool force)
    {
        _cmdlet = cmdlet;
        _destination = destination;
        _force = force;
        try
        {
            if (fileName is not null && destination.File is not null)
            {
                throw new FormatException("-FileName cannot be used with a destination that is a file.");
            }

            object? name = UnwrapPSObject.Of(fileName);
            _block = name as ScriptBlock;
            _template = name is null || _block is not null
                ? null
                : new FileNameTemplate(ValueReader.Text("FileName", name) ?? throw new FormatException("FileName is blank."));
        }
        catch (FormatException exception)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Make(
                "InvalidFileName",
                ErrorCategory.InvalidArgument,
                fileName,
                exception.Message,
                "Use a string, a template such as '{Scene:00}', or a script block in which $_ is the video.",
                exception));
        }
    }

    /// <summary>The full path of the only file; null if the destination is a folder.</summary>
    public string? SingleFile => _destination.File;

    /// <summary>The file already saved in the folder for a video, according to its ledger or sidecar; null if there was no file.</summary>
    /// <exception cref="FormatException">The file name cannot be determined.</exception>
    public (string Path, string Sha256)? FindSaved(Video video)
    {
        string folder = _destination.Folder;
        bool mayHaveFolder = _template?.HasFolders
            ?? (_block is null && video.FileName?.Contains('/', StringComparison.Ordinal) == true && SingleFile is null);
        if (mayHaveFolder)
        {
            (folder, _) = PlaceOf(Wanted(video));
        }

        if (video is { Path: { } path, Sha256: { } sha256 } && Keeps(folder, path, video))
        {
            return (path, sha256);
        }

        if (!_sidecars.TryGetValue(folder, out SidecarIndex? sidecars))
        {
            _sidecars[folder] = sidecars = _cmdlet.WaitFor(Task.Run(() => SidecarIndex.Read(folder, _cmdlet.StopToken)));
        }

        return sidecars.Find(video.Id!, video.Origin) is { } file && Keeps(folder, file.Path, video) ? file : null;
    }

    private bool Keeps(string folder, string path, Video video)
    {
        if (SingleFile is { } only)
        {
            bool isSame = PathComparer.Instance.Equals(path, only);
            _owner ??= isSame ? video.Id : null;
            return isSame && _owner == video.Id;
        }

        if (!NamesIn(folder).TryKeep(path, video.Id!))
        {
            return false;
        }

        if (_template is { } template && !FileNames.IsNamed(path, PlaceOf(template.NameOf(video, Column(video))).Name))
        {
            _cmdlet.WarnOnce(
                $"A video that is already saved in '{folder}' keeps its file name, so -FileName has no effect on it. "
                + "Rename the file, or use another -Destination.");
        }

        return true;
    }

    /// <summary>The path of the file for a video.</summary>
    /// <exception cref="FormatException">The file name cannot be determined.</exception>
    public string PathFor(Video video)
    {
        if (SingleFile is { } only)
        {
            _owner ??= video.Id;
            return _owner == video.Id
                ? only
                : throw new FormatException($"'{only}' is for one video, and {_owner} is saved there. Use a folder as the destination.");
        }

        string wanted = Wanted(video);
        (string folder, string name) = PlaceOf(wanted);
        FileNameAllocator names = NamesIn(folder);
        // The same video with the same name gets the same file.
        TextHash key = TextHash.Of($"{video.Id}\0{wanted}");
        if (_given.TryGetValue(key, out string? given))
        {
            return given ?? names.PathOf(name);
        }

        string path = names.Allocate(
            name, video.Id!, candidate => BelongsToAnotherVideo(candidate, video), candidate => !_force && File.Exists(candidate));
        _given[key] = path == names.PathOf(name) ? null : path;
        return path;
    }

    private FileNameAllocator NamesIn(string folder)
    {
        if (!_names.TryGetValue(folder, out FileNameAllocator? names))
        {
            _names[folder] = names = new FileNameAllocator(folder);
        }

        return names;
    }

    /// <summary>The folder and the name of a relative path. Every part is made safe, so that none leads out of the destination.</summary>
    private (string Folder, string Name) PlaceOf(string wanted)
    {
        string[] parts = wanted.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string folder = Path.Combine([_destination.Folder, .. parts.SkipLast(1).Select(FileNames.SafeFolder)]);
        // Folders that some file system does not distinguish are one, or two videos would get the same file there.
        string folded = FileNames.Fold(folder);
        _folders.TryAdd(folded, folder);
        return (_folders[folded], parts.LastOrDefault() ?? "");
    }

    /// <summary>
    /// Whether the ledger records an existing file for another video. That video keeps its name, whatever the order of a later run.
    /// </summary>
    private bool BelongsToAnotherVideo(string path, Video video)
    {
        if (!File.Exists(path) || VideoRecorder.LedgerOf(video) is not { } ledger)
        {
            return false;
        }

        try
        {
            return _cmdlet.WaitFor(ledger.ReadAsync(book => book.OwnerOf(path))) is { } owner && owner != video.Id;
        }
        catch (ChuiziException exception)
        {
            _cmdlet.WarnOnce($"The ledger cannot be read, so existing files cannot be matched to their videos: {exception.Message}");
            return false;
        }
    }

    /// <summary>The relative path for a video. Only a template has folders, and the name that New-ChuiziVideo made from one.</summary>
    private string Wanted(Video video)
    {
        if (_template is { } template)
        {
            return template.NameOf(video, Column(video));
        }

        if (_block is { } block)
        {
            object? value = ScriptBlocks.Evaluate("FileName", block, PSObject.AsPSObject(video));
            return Flat(value) ?? throw new FormatException("the script block for FileName returned nothing.");
        }

        return video.FileName ?? Flat(RowOf(video) is { } row ? RowReader.FileNameOf(row) : null) ?? video.Id!;
    }

    private static string? Flat(object? name) =>
        ValueReader.Text("FileName", UnwrapPSObject.Of(name))?.Replace('/', '_');

    private static Func<string, object?> Column(Video video)
    {
        PSObject? row = RowOf(video);
        return name => row is null ? null : UnwrapPSObject.Of(RowReader.Column(row, name));
    }

    /// <summary>The row of a video, which does not keep it: many videos may wait for their downloads.</summary>
    private static PSObject? RowOf(Video video) =>
        KeptRow.Restored(video.KeptInput) is { } row ? PSObject.AsPSObject(row) : null;
}
