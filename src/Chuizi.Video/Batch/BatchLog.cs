using System.Globalization;
using System.Management.Automation;
using System.Text;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Batch;

/// <summary>
/// The log file of a batch: one line for each thing that happened, with its time in UTC, without control characters and secrets. Runs are
/// appended.
/// </summary>
internal sealed class BatchLog : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly StreamWriter _file;

    /// <summary>Opens the file. It and its folder are created if they do not exist.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public BatchLog(string path, TimeProvider clock)
    {
        _clock = clock;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Other processes may read the file while the batch runs.
        FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        _file = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
    }

    /// <summary>Adds a line.</summary>
    public void Write(string level, string text)
    {
        string safe = SecretRedactor.Mask(TerminalText.OneLine(text));
        string line = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {level,-7} {safe}");
        try
        {
            // Another run of the same list may have written since.
            _file.BaseStream.Seek(0, SeekOrigin.End);
            _file.WriteLine(line);
        }
        catch (IOException)
        {
            // A full disk must not end a run that pays for videos.
        }
    }

    /// <summary>Adds the result of a video.</summary>
    public void Write(Video video)
    {
        string row = video.Row is { } number ? string.Create(CultureInfo.InvariantCulture, $"Row {number}: ") : "";
        string?[] all = [video.Id, VideoFormat.Cost(video.Cost), VideoFormat.Seconds(video.Latency)];
        string facts = string.Join(", ", all.Where(fact => fact is { Length: > 0 }));
        string known = facts.Length > 0 ? $" ({facts})" : "";
        bool isSaved = video is { Status: VideoStatus.Succeeded, Path: not null };
        string result = isSaved ? $"saved {VideoFormat.File(video.Path, null)}" : video.Status;
        string reason = !isSaved && video.Error?.Message is { } why ? $": {why}" : "";
        Write(isSaved ? "INFO" : "WARNING", $"{row}{result}{known}{reason}");
    }

    /// <summary>Adds an error with its id.</summary>
    public void Write(ErrorRecord error) =>
        Write("ERROR", $"{error.FullyQualifiedErrorId.Split(',')[0]}: {error.ErrorDetails?.Message ?? error.Exception.Message}");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
