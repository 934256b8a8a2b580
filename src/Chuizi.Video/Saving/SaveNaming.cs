using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Saving;

/// <summary>Selects the file for each video of one call of Save-ChuiziVideo. Use only on the pipeline thread.</summary>
internal sealed class SaveNaming(VideoCmdlet cmdlet, string folder, object? fileName, bool force)
{
    private readonly object? _fileName = Check(cmdlet, fileName);
    private readonly FileNameAllocator _names = new(folder);
    private readonly Dictionary<(string Video, string Wanted), string> _given = [];
    private SidecarIndex? _sidecars;

    /// <summary>The full path of the folder that the user specified.</summary>
    public static string ResolveFolder(VideoCmdlet cmdlet, string destination)
    {
        string path = "";
        try
        {
            path = FilePaths.Resolve(cmdlet, destination);
        }
        catch (IOException exception)
        {
            Refuse($"The destination '{destination}' is not a folder: {exception.Message}", exception);
        }

        if (FilePaths.FileInTheWay(path) is { } file)
        {
            string problem = file == path ? "is a file." : $"cannot be created because '{file}' is a file.";
            Refuse($"The destination '{path}' {problem}", null);
        }

        if (path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            cmdlet.WriteWarning($"The destination '{destination}' is used as a folder. Use -FileName for the name of the file.");
        }

        if (!cmdlet.IsWhatIf && WriteAccess.GetProblem(path) is { } why)
        {
            Refuse($"The destination '{path}' cannot be written: {why}", null);
        }

        return path;

        void Refuse(string message, Exception? cause) =>
            cmdlet.ThrowTerminatingError(
                ErrorRecords.Make(
                    "InvalidDestination",
                    ErrorCategory.InvalidArgument,
                    destination,
                    message,
                    "Use the path of a folder.",
                    cause));
    }

    /// <summary>Rejects an invalid -FileName before the pipeline submits anything.</summary>
    private static object? Check(PSCmdlet cmdlet, object? fileName)
    {
        object? name = fileName is PSObject wrapped ? wrapped.BaseObject : fileName;
        try
        {
            if (name is not (null or ScriptBlock) && ValueReader.Text("FileName", UnwrapPSObject.Of(name)) is null)
            {
                throw new FormatException("FileName is blank.");
            }
        }
        catch (FormatException exception)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Make(
                "InvalidFileName",
                ErrorCategory.InvalidArgument,
                fileName,
                exception.Message,
                "Use a string, or a script block in which $_ is the video.",
                exception));
        }

        return name;
    }

    /// <summary>The file already saved in the folder for a video, according to its ledger or sidecar; null if there was no file.</summary>
    public (string Path, string Sha256)? Find(Video video)
    {
        if (video is { Path: { } path, Sha256: { } sha256 } && _names.TryKeep(path, video.Id!))
        {
            WarnNameKept(path);
            return (path, sha256);
        }

        _sidecars ??= cmdlet.WaitFor(Task.Run(() => SidecarIndex.Read(folder, cmdlet.StopToken)));
        if (_sidecars.Find(video.Id!, video.Origin) is not { } file || !_names.TryKeep(file.Path, video.Id!))
        {
            return null;
        }

        WarnNameKept(file.Path);
        return file;
    }

    /// <summary>Warns that an existing file keeps its name, if -FileName is a string with another name.</summary>
    private void WarnNameKept(string path)
    {
        if (_fileName is string text && !FileNames.IsNamed(path, text))
        {
            cmdlet.WarnOnce(
                $"A video that is already saved in '{folder}' keeps its file name, so -FileName has no effect on it. "
                + "Rename the file, or use another -Destination.");
        }
    }

    /// <summary>The path of the file for a video.</summary>
    /// <exception cref="FormatException">The file name cannot be determined.</exception>
    public string Name(Video video)
    {
        string wanted = Wanted(video);
        if (!_given.TryGetValue((video.Id!, wanted), out string? path))
        {
            // The same video with the same name gets the same file.
            path = _names.Allocate(
                wanted, video.Id!, candidate => BelongsToAnotherVideo(candidate, video), candidate => !force && File.Exists(candidate));
            _given[(video.Id!, wanted)] = path;
        }

        return path;
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
            return cmdlet.WaitFor(ledger.ReadAsync(book => book.OwnerOf(path))) is { } owner && owner != video.Id;
        }
        catch (ChuiziException exception)
        {
            cmdlet.WarnOnce($"The ledger cannot be read, so existing files cannot be matched to their videos: {exception.Message}");
            return false;
        }
    }

    private string Wanted(Video video)
    {
        object? value = _fileName;
        bool isBlock = value is ScriptBlock;
        if (value is ScriptBlock block)
        {
            value = ScriptBlocks.Evaluate("FileName", block, PSObject.AsPSObject(video));
        }

        value ??= !isBlock && video.Input is { } input ? RowReader.FileNameOf(PSObject.AsPSObject(input)) : null;
        string? text = ValueReader.Text("FileName", UnwrapPSObject.Of(value));
        return text ?? (_fileName is null
            ? video.Id!
            : throw new FormatException(isBlock ? "the script block for FileName returned nothing." : "FileName is blank."));
    }
}
