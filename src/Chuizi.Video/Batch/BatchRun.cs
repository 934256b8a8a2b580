using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Batch;

/// <summary>
/// One call of Invoke-ChuiziVideoBatch: runs <c>New | Wait | Save -Summary</c> in a pipeline of its own, and writes what happens to the log
/// and to the streams of the cmdlet. Use only on the pipeline thread, except <see cref="Stop"/>.
/// </summary>
internal sealed class BatchRun(AsyncCmdlet cmdlet, BatchLog log, bool isQuiet) : IDisposable
{
    /// <summary>The exit code of a run that an error ended before its summary.</summary>
    public const int NothingCame = 1;

    private readonly PowerShell _shell = PowerShell.Create(RunspaceMode.CurrentRunspace);

    /// <summary>Adds a cmdlet to the pipeline.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="parameters">Its parameters; those that are null are omitted.</param>
    public void Add(string name, Type type, IEnumerable<(string Name, object? Value)> parameters)
    {
        _shell.AddCommand(new CmdletInfo(name, type));
        // A failed video is an error, and must not stop the others.
        _shell.AddParameter("ErrorAction", ActionPreference.Continue);
        // Without a console, lines show the progress and the totals.
        _shell.AddParameter("InformationAction", isQuiet ? ActionPreference.SilentlyContinue : ActionPreference.Continue);
        foreach ((string parameter, object? value) in parameters.Where(parameter => parameter.Value is not null))
        {
            _shell.AddParameter(parameter, value);
        }
    }

    /// <summary>Runs the pipeline and returns the summary. An error that ends it is written, and the summary has exit code 1.</summary>
    public VideoSummary Run()
    {
        // Everything but errors reaches the host and the caller's streams by itself: the pipeline runs inside the cmdlet's.
        _shell.Streams.Error.DataAdded += (_, added) => Write(_shell.Streams.Error[added.Index]);
        DateTime started = DateTime.UtcNow;
        PSDataCollection<PSObject> output = [];
        ModuleSession session = ModuleSession.Current;
        session.Ended = log.Write;
        session.Logged = log.Write;
        try
        {
            _shell.Invoke(null, output);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            Write(exception.ErrorRecord);
            return new VideoSummary { Started = started, Ended = DateTime.UtcNow, ExitCode = NothingCame };
        }
        finally
        {
            session.Ended = null;
            session.Logged = null;
        }

        return output.Select(item => item.BaseObject).OfType<VideoSummary>().FirstOrDefault()
            ?? new VideoSummary { Started = started, Ended = DateTime.UtcNow, ExitCode = _shell.HadErrors ? NothingCame : 0 };
    }

    /// <summary>Stops the pipeline, as Ctrl+C does. Thread-safe.</summary>
    public void Stop()
    {
        try
        {
            _shell.BeginStop(null, null);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // It has just ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _shell.Dispose();

    private void Write(ErrorRecord error)
    {
        log.Write(error);
        if (cmdlet.StopsOnError)
        {
            // Throwing would abandon the batch, and lose the summary. The log has the error already.
            ((Cmdlet)cmdlet).WriteWarning(error.ErrorDetails?.Message ?? error.Exception.Message);
        }
        else
        {
            cmdlet.WriteError(error);
        }
    }
}
