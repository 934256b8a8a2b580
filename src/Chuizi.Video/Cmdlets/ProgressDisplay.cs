using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Shows the progress of a cmdlet: a progress bar in a console; elsewhere (a job, a runbook, redirected output) a line on the information
/// stream every 30 seconds, so that a log shows that the run is alive. Use only on the pipeline thread.
/// </summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="describe">Returns the current progress; null if there is nothing to show.</param>
internal sealed class ProgressDisplay(AsyncCmdlet cmdlet, Func<int, ProgressRecord?> describe)
{
    /// <summary>The tag of the lines on the information stream.</summary>
    public const string Tag = "Chuizi.Video.Progress";

    /// <summary>The tag of the totals of a call on the information stream.</summary>
    public const string TotalTag = "Chuizi.Video.Total";

    /// <summary>At most four updates per second: more would slow down the work.</summary>
    private static readonly TimeSpan s_bar = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(30);

    private static int s_lastActivity = 4711;

    private readonly int _activity = Interlocked.Increment(ref s_lastActivity);
    private readonly TimeProvider _clock = ModuleSession.Current.Clock;
    private readonly bool _hasConsole = IsConsole(cmdlet.Host);
    private long? _last;
    private bool _isShown;
    private (string, int, int)? _look;

    /// <summary>Shows the progress if an update is due.</summary>
    public void Show()
    {
        long now = _clock.GetTimestamp();
        bool isTooSoon = _last is { } last && _clock.GetElapsedTime(last, now) < (_hasConsole ? s_bar : s_heartbeat);
        if (isTooSoon || describe(_activity) is not { } progress)
        {
            return;
        }

        bool isFirst = _last is null;
        _last = now;
        if (_hasConsole)
        {
            _isShown = true;
            (string, int, int) look = (progress.StatusDescription, progress.PercentComplete, progress.SecondsRemaining);
            if (look != _look)
            {
                _look = look;
                cmdlet.WriteProgress(progress);
            }
        }
        else if (!isFirst)
        {
            string left = progress.SecondsRemaining > 0
                ? $", about {DisplayText.Length(TimeSpan.FromSeconds(progress.SecondsRemaining))} left"
                : "";
            string line = string.Create(
                CultureInfo.CurrentCulture,
                $"{progress.Activity}: {progress.PercentComplete} %, {progress.StatusDescription}{left}");
            string time = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():HH:mm:ss} UTC ");
            cmdlet.WriteLine(time + line, Tag, shows: false, logged: line);
        }
    }

    /// <summary>Removes the progress bar.</summary>
    public void Hide()
    {
        if (!_isShown)
        {
            return;
        }

        _isShown = false;
        try
        {
            cmdlet.WriteProgress(new ProgressRecord(_activity, "Chuizi.Video", "Done") { RecordType = ProgressRecordType.Completed });
        }
        catch (Exception exception) when (exception is PipelineStoppedException or InvalidOperationException)
        {
            // A stopped pipeline removes its progress bars itself.
        }
    }

    /// <summary>
    /// Whether the host displays progress bars. A Start-Job process claims to have the console of its parent and stores every progress
    /// record; a console with redirected output displays none. A remote session displays them on the client.
    /// </summary>
    public static bool IsConsole(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI is { } screen && screen.WindowSize.Width > 0 && host.Name switch
            {
                "ConsoleHost" => !Console.IsOutputRedirected,
                // Start-Job starts its process with -s, an SSH session with -sshs.
                "ServerRemoteHost" => !Environment.GetCommandLineArgs().Contains("-s"),
                _ => true,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Hosts without a screen throw exceptions of any type.
            return false;
        }
    }
}
