using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Saving;

namespace Chuizi.Video.Module.Saving;

/// <summary>The progress of one call of Save-ChuiziVideo. Use only on the pipeline thread, except where noted.</summary>
internal sealed class SaveProgress
{
    private bool _isComplete;
    private int _expected;
    private int _ended;
    private int _alreadyThere;
    private int _saved;
    private int _failed;

    /// <summary>Measures the downloads. Thread-safe.</summary>
    public DownloadMeter Meter { get; } = new();

    /// <summary>Counts a video to save.</summary>
    public void CountExpected() => _expected++;

    /// <summary>Marks that there are no more videos.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>Counts a processed video, whatever the result. Thread-safe.</summary>
    public void CountEnded() => Interlocked.Increment(ref _ended);

    /// <summary>Counts a video whose file already existed, so that no download adds to the progress bar. Thread-safe.</summary>
    public void CountAlreadyThere() => Interlocked.Increment(ref _alreadyThere);

    /// <summary>Counts a saved video.</summary>
    public void CountSaved() => _saved++;

    /// <summary>Counts a video that cannot be saved.</summary>
    public void CountFailed() => _failed++;

    /// <summary>The progress record; null before the first video.</summary>
    /// <param name="activity">The activity id.</param>
    /// <param name="batch">The number of videos of the whole pipeline, if it is known; otherwise 0.</param>
    /// <param name="waiting">What is waited for, as text; null for nothing.</param>
    public ProgressRecord? Describe(int activity, int batch, string? waiting)
    {
        if (_expected == 0)
        {
            return null;
        }

        DownloadProgress progress = Meter.Read(_isComplete ? _expected - Volatile.Read(ref _ended) : null);
        int all = Math.Max(_expected, batch);
        string failed = _failed > 0 ? string.Create(CultureInfo.CurrentCulture, $", {_failed} failed") : "";
        string status = string.Create(CultureInfo.CurrentCulture, $"{_saved} of {all} saved{failed}, {progress}{waiting}");
        double done = Volatile.Read(ref _alreadyThere) + _failed + progress.Files;
        return new ProgressRecord(activity, "Saving videos", status)
        {
            PercentComplete = Math.Min(100, (int)(done * 100 / all)),
            SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };
    }
}
