using System.Management.Automation;
using System.Management.Automation.Host;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Shows how far a cmdlet is: a bar in a console; elsewhere (a job, a runbook, output into a file) a line on the information stream from
/// time to time, so that a log tells that the run lives. For the pipeline thread.
/// </summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="describe">What the bar shows now; null for nothing.</param>
internal sealed class ProgressDisplay(PSCmdlet cmdlet, Func<int, ProgressRecord?> describe)
{
    /// <summary>What the lines on the information stream are tagged with.</summary>
    public const string Tag = "Chuizi.Video.Progress";

    /// <summary>At most four times a second: oftener slows the work down.</summary>
    private static readonly TimeSpan s_bar = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(30);

    private static int s_lastActivity = 4711;

    private readonly int _activity = Interlocked.Increment(ref s_lastActivity);
    private readonly TimeProvider _clock = ModuleSession.Current.Clock;
    private readonly bool _hasConsole = IsConsole(cmdlet.Host);
    private long? _last;
    private bool _isShown;
    private (string, int, int)? _look;

    /// <summary>Shows it, where it is time to.</summary>
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
            cmdlet.WriteInformation($"{progress.Activity}: {progress.StatusDescription}", [Tag]);
        }
    }

    /// <summary>Takes the bar away.</summary>
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
            // A stopped pipeline takes its bars away itself.
        }
    }

    /// <summary>
    /// Whether somebody sees a bar. A job has no console, though it says that it had that of whoever started it, and keeps every bar; a
    /// console whose output goes into a file or a pipe shows it to nobody. A remote session shows it at the other end.
    /// </summary>
    private static bool IsConsole(PSHost? host)
    {
        try
        {
            return host?.UI?.RawUI is { } screen && screen.WindowSize.Width > 0 && host.Name switch
            {
                "ConsoleHost" => !Console.IsOutputRedirected,
                // How Start-Job starts its process; a session over SSH has -sshs.
                "ServerRemoteHost" => !Environment.GetCommandLineArgs().Contains("-s"),
                _ => true,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What hosts without a screen throw, they choose.
            return false;
        }
    }
}
