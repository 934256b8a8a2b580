using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Saving;

/// <summary>Where Save-ChuiziVideo saves: a folder, or one file in it.</summary>
/// <param name="Folder">The full path of the folder.</param>
/// <param name="File">The full path of the only file; null for a folder.</param>
internal sealed record SaveDestination(string Folder, string? File)
{
    /// <summary>
    /// The destination that the user specified. A path that ends in .mp4 is a file, unless a folder has that name. Throws a terminating
    /// error if nothing can be written there, before the pipeline submits anything.
    /// </summary>
    public static SaveDestination Resolve(VideoCmdlet cmdlet, string destination)
    {
        string path = "";
        try
        {
            path = FilePaths.Resolve(cmdlet, destination);
        }
        catch (IOException exception)
        {
            Refuse($"The destination '{destination}' cannot be used: {exception.Message}", exception);
        }

        bool isFile = path.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
        string folder = isFile ? Path.GetDirectoryName(path)! : path;
        if (FilePaths.FileInTheWay(folder) is { } file)
        {
            string problem = file == path ? "is a file." : $"cannot be created because '{file}' is a file.";
            Refuse($"The destination '{path}' {problem}", null);
        }

        if (isFile && !FileNames.IsVideoName(Path.ChangeExtension(Path.GetFileName(path), ".mp4")))
        {
            Refuse($"The destination '{path}' has a file name that is not valid on every system.", null);
        }

        if (!cmdlet.IsWhatIf && WriteAccess.GetProblem(folder) is { } why)
        {
            Refuse($"The destination '{folder}' cannot be written: {why}", null);
        }

        return new SaveDestination(folder, isFile ? path : null);

        void Refuse(string message, Exception? cause) => cmdlet.ThrowTerminatingError(ErrorRecords.Make(
            "InvalidDestination",
            ErrorCategory.InvalidArgument,
            destination,
            message,
            "Use the path of a folder, or of a file that ends in .mp4.",
            cause));
    }
}
