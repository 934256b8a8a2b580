using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Saving;

/// <summary>Which file each video of one call of Save-ChuiziVideo gets, or has already. For the pipeline thread.</summary>
internal sealed class SaveNaming(VideoCmdlet cmdlet, string folder, object? fileName, bool force)
{
    private readonly object? _fileName = Check(cmdlet, fileName);
    private readonly FileNameAllocator _names = new(folder);
    private readonly Dictionary<(string Video, string Wanted), string> _given = [];
    private SidecarIndex? _sidecars;

    /// <summary>The full path of the folder that a user names.</summary>
    public static string ResolveFolder(PSCmdlet cmdlet, string destination)
    {
        string path = "";
        try
        {
            path = FilePaths.Resolve(cmdlet, destination);
        }
        catch (IOException exception)
        {
            Refuse($"The destination '{destination}' is no folder: {exception.Message}", exception);
        }

        if (FilePaths.FileInTheWay(path) is { } file)
        {
            string problem = file == path ? "is a file." : $"cannot be made: '{file}' is a file.";
            Refuse($"The destination '{path}' {problem}", null);
        }

        if (path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            cmdlet.WriteWarning($"The destination '{destination}' is taken as a folder; -FileName gives a file its name.");
        }

        return path;

        void Refuse(string message, Exception? cause) => cmdlet.ThrowTerminatingError(
            ErrorRecords.Make("InvalidDestination", ErrorCategory.InvalidArgument, destination, message, "Give a folder.", cause));
    }

    /// <summary>Refuses a name that no file can have before anything is paid for that it is for.</summary>
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
                "Give a text, or a script block that sees the video as $_.",
                exception));
        }

        return name;
    }

    /// <summary>The file that a video has in the folder from before, by its ledger or its sidecar; null where it has none.</summary>
    public (string Path, string Sha256)? Find(Video video)
    {
        if (video is { Path: { } path, Sha256: { } sha256 } && _names.TryKeep(path, video.Id!))
        {
            TellKept(path);
            return (path, sha256);
        }

        _sidecars ??= cmdlet.WaitFor(Task.Run(() => SidecarIndex.Read(folder, cmdlet.StopToken)));
        if (_sidecars.Find(video.Id!, video.Origin) is not { } file || !_names.TryKeep(file.Path, video.Id!))
        {
            return null;
        }

        TellKept(file.Path);
        return file;
    }

    /// <summary>Tells whoever gives one name that a file which is there has another, and keeps it.</summary>
    private void TellKept(string path)
    {
        if (_fileName is string text && !FileNames.IsNamed(path, text))
        {
            cmdlet.WarnOnce(
                $"A video that is in '{folder}' already keeps its name, whatever -FileName says; "
                + "rename its file, or take another -Destination.");
        }
    }

    /// <summary>The path for a video's file.</summary>
    /// <exception cref="FormatException">Its name cannot be made.</exception>
    public string Name(Video video)
    {
        string wanted = Wanted(video);
        if (!_given.TryGetValue((video.Id!, wanted), out string? path))
        {
            // One that comes twice gets one file.
            path = _names.Allocate(
                wanted, video.Id!, candidate => IsOthers(candidate, video), candidate => !force && File.Exists(candidate));
            _given[(video.Id!, wanted)] = path;
        }

        return path;
    }

    /// <summary>
    /// Whether the ledger says that an existing file is another video's. That video keeps its name, whatever the order of a later run is.
    /// </summary>
    private bool IsOthers(string path, Video video)
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
            cmdlet.WarnOnce($"Whose files are there already cannot be told: {exception.Message}");
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

        value ??= !isBlock && video.Input is { } input ? RowReader.Column(PSObject.AsPSObject(input), "FileName") : null;
        string? text = ValueReader.Text("FileName", UnwrapPSObject.Of(value));
        return text ?? (_fileName is null
            ? video.Id!
            : throw new FormatException(isBlock ? "the script block for FileName gives nothing." : "FileName is blank."));
    }
}
