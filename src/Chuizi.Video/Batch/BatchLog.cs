using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Batch;

/// <summary>
/// The log file of a batch: one line for each thing that happened, with its time in UTC, without control characters and secrets. Runs are
/// appended, and several runs may write at the same time.
/// </summary>
internal sealed class BatchLog
{
    private readonly TimeProvider _clock;
    private readonly string _path;

    /// <summary>Creates the file and its folder if they do not exist, and checks that it can be written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public BatchLog(string path, TimeProvider clock)
    {
        _path = path;
        _clock = clock;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Adds a line.</summary>
    public void Write(string level, string text)
    {
        string safe = SecretRedactor.Mask(TerminalText.OneLine(text));
        string line = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {level,-7} {safe}");
        try
        {
            SharedTextFile.AppendLine(_path, line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk must not end a run that pays for videos.
        }
    }

    /// <summary>Adds the result of a video.</summary>
    public void Write(Video video)
    {
        string row = video.Row is { } number ? string.Create(CultureInfo.InvariantCulture, $"Row {number}: ") : "";
        string?[] all = [video.Id, DisplayText.Cost(video.Cost), DisplayText.Seconds(video.Latency)];
        string facts = string.Join(", ", all.Where(fact => fact is { Length: > 0 }));
        string known = facts.Length > 0 ? $" ({facts})" : "";
        bool isSaved = video is { Status: VideoStatus.Succeeded, Path: not null };
        string result = isSaved ? $"saved {DisplayText.File(video.Path, null)}" : video.Status;
        string reason = !isSaved && video.Error?.Message is { } why ? $": {why}" : "";
        Write(isSaved ? "INFO" : "WARNING", $"{row}{result}{known}{reason}");
    }

    /// <summary>Adds an error with its id.</summary>
    public void Write(ErrorRecord error) =>
        Write("ERROR", $"{error.FullyQualifiedErrorId.Split(',')[0]}: {error.ErrorDetails?.Message ?? error.Exception.Message}");
}
