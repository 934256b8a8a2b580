using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Saving;

namespace Chuizi.Video.Module.Saving;

/// <summary>How far one call of Save-ChuiziVideo is. For the pipeline thread, where nothing else is said.</summary>
internal sealed class SaveProgress
{
    private bool _isComplete;
    private int _expected;
    private int _ended;
    private int _alreadyThere;
    private int _saved;
    private int _failed;

    /// <summary>Measures the downloads; for any thread.</summary>
    public DownloadMeter Meter { get; } = new();

    /// <summary>Counts a video that is to be saved.</summary>
    public void CountExpected() => _expected++;

    /// <summary>Notes that no more videos come.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>Counts a video for which nothing more is done, whatever became of it; for any thread.</summary>
    public void CountEnded() => Interlocked.Increment(ref _ended);

    /// <summary>Counts a video whose file was there before, so that no download adds to the bar; for any thread.</summary>
    public void CountAlreadyThere() => Interlocked.Increment(ref _alreadyThere);

    /// <summary>Counts a saved video.</summary>
    public void CountSaved() => _saved++;

    /// <summary>Counts a video that cannot be saved.</summary>
    public void CountFailed() => _failed++;

    /// <summary>The bar; null before the first video.</summary>
    public ProgressRecord? Describe(int activity)
    {
        if (_expected == 0)
        {
            return null;
        }

        DownloadProgress progress = Meter.Read(_isComplete ? _expected - Volatile.Read(ref _ended) : null);
        string failed = _failed > 0 ? string.Create(CultureInfo.CurrentCulture, $", {_failed} failed") : "";
        string status = string.Create(CultureInfo.CurrentCulture, $"{_saved} of {_expected} saved{failed}, {progress}");
        double done = Volatile.Read(ref _alreadyThere) + _failed + progress.Files;
        return new ProgressRecord(activity, "Saving videos", status)
        {
            PercentComplete = Math.Min(100, (int)(done * 100 / _expected)),
            SecondsRemaining = progress.TimeLeft is { } left ? (int)Math.Ceiling(left.TotalSeconds) : -1,
        };
    }
}
