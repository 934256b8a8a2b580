using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>A cmdlet that asks the API about videos and emits them.</summary>
public abstract class VideoCmdlet : AsyncCmdlet
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private HeldErrors? _errors;
    private PinnedConnection _connection = null!;
    private ChuiziClient? _client;

    /// <summary>Where errors that must not strand a batch go.</summary>
    internal HeldErrors Errors => _errors!;

    /// <summary>Where videos go.</summary>
    internal VideoOutlet Outlet { get; private set; } = null!;

    /// <summary>
    /// The client on the connection that the runspace had when the pipeline began: whatever is connected or stopped meanwhile, a
    /// pipeline stays with one account. Without a connection the cmdlet ends. For the pipeline thread.
    /// </summary>
    internal ChuiziClient Client
    {
        get
        {
            try
            {
                return _client ??= new ChuiziClient(_connection.Get(), new ChuiziClientOptions
                {
                    Clock = ModuleSession.Current.RequestClock,
                    Trace = Trace,
                    TracesBodies = IsDebugging,
                });
            }
            catch (ChuiziException exception)
            {
                ThrowTerminatingError(ErrorRecords.From(exception));
                throw;
            }
        }
    }

    /// <summary>The client, where there is a connection; otherwise null.</summary>
    internal ChuiziClient? ClientIfConnected => _connection.IsUsable ? Client : null;

    /// <summary>Whether the cmdlet only shows what it would do: <c>-WhatIf</c> or <c>$WhatIfPreference</c>.</summary>
    internal bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    /// <summary>Whether the user is asked before each step: <c>-Confirm</c>.</summary>
    internal bool IsConfirming => IsGiven("Confirm");

    /// <summary>Records what the API says of videos in their ledgers; a failure is a warning, since the API can be asked again.</summary>
    internal async Task RecordAsync(ChuiziClient client, IEnumerable<(Video Video, VideoState State)> told)
    {
        try
        {
            await VideoRecorder.SettledAsync(told, client.Connection.Origin).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            WarnOnce($"What became of some videos is not recorded: {exception.Message}");
        }
    }

    /// <summary>Warns, once in a call for each text or, where texts of one matter differ, for each matter; from any thread.</summary>
    internal void WarnOnce(string message, string? matter = null) => Post(() =>
    {
        if (_told.Add(matter ?? message))
        {
            WriteWarning(message);
        }
    });

    /// <summary>Says something at Ctrl+C, when no stream takes it any more.</summary>
    internal void TellAtStop(string? message)
    {
        try
        {
            if (message is not null)
            {
                Host?.UI?.WriteWarningLine(message);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A host that shows nothing.
        }
    }

    /// <summary>Tells each request with -Verbose, and its bodies with -Debug; null where nobody wants to know.</summary>
    internal Action<RequestTrace>? Trace => !IsVerbose && !IsDebugging ? null : trace => Post(() =>
    {
        if (IsVerbose)
        {
            WriteVerbose(trace.ToString());
        }
        else
        {
            WriteDebug(trace.ToString());
        }

        foreach (string line in trace.Bodies)
        {
            WriteDebug(line);
        }
    });

    /// <inheritdoc/>
    protected sealed override void BeginProcessing()
    {
        ModuleSession session = ModuleSession.Current;
        _connection = session.Pin();
        PipelineGroup group = PipelineGroup.Open(session);
        _errors = new HeldErrors(this, group);
        Outlet = new VideoOutlet(this, group);
        Begin();
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        Errors.Seal();
        Process();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Errors.Seal();
        End();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _errors?.Release();
        }
    }

    /// <summary>Before any input.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>For each input.</summary>
    internal virtual void Process()
    {
    }

    /// <summary>After all input.</summary>
    internal virtual void End()
    {
    }

    /// <summary>Waits for the work and ends the call.</summary>
    internal void Finish()
    {
        try
        {
            FinishWork();
        }
        catch (ChuiziException exception)
        {
            Errors.Terminate(ErrorRecords.From(exception));
        }

        Outlet.Complete();
        Errors.End(throws: Outlet.Tally is null);
    }
}
