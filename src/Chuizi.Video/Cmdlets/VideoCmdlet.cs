using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// A cmdlet that uses the API or a ledger: it has a connection, errors that do not abandon a batch, and an outlet for videos.
/// </summary>
public abstract class VideoCmdlet : AsyncCmdlet
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _owned = [];
    private LedgerRun? _run;
    private HeldErrors? _errors;
    private PinnedConnection _connection = null!;
    private ChuiziClient? _client;
    private SpendingJournal? _journal;
    private int _place;

    /// <summary>Writes errors, or holds them so that they do not abandon a batch.</summary>
    internal HeldErrors Errors => _errors!;

    /// <summary>The cmdlets of this module in the same pipeline.</summary>
    internal PipelineGroup Group { get; private set; } = null!;

    /// <summary>This cmdlet and the later ones of this module in the pipeline, each after a <c>|</c>.</summary>
    internal string CommandsFromHere => Group.CommandsFrom(_place);

    /// <summary>Emits or drops videos.</summary>
    internal VideoOutlet Outlet { get; private set; } = null!;

    /// <summary>
    /// A client for the connection that the runspace had when the pipeline began, so that a pipeline uses one account even if the
    /// connection changes while it runs. Throws a terminating error if there is no connection. Use only on the pipeline thread.
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
                    StateFolder = DefaultLedger.StateFolder,
                    Trace = Trace,
                    Refused = refusal => WarnOnce(
                        $"The API refused a request, which will be retried: {refusal.Message}", $"refused: {refusal.Code}"),
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

    /// <summary>The client; null without a connection.</summary>
    internal ChuiziClient? ClientIfConnected => _connection.IsUsable ? Client : null;

    /// <summary>Whether to ask the user before each step: <c>-Confirm</c>.</summary>
    internal bool IsConfirming => IsSpecified("Confirm");

    /// <summary>Records the state of videos in their ledgers. A failure is only a warning, because the API can be polled again.</summary>
    internal async Task RecordAsync(ChuiziClient client, IEnumerable<(Video Video, VideoState State)> told)
    {
        try
        {
            await VideoRecorder.SettledAsync(told, client.Connection.Origin, _journal).ConfigureAwait(false);
        }
        catch (ChuiziException exception)
        {
            WarnOnce($"The results of some videos were not recorded in the ledger: {exception.Message}");
        }
    }

    /// <summary>
    /// The run that continues with rows of an earlier pipeline, whose run has ended. It lives until the end of this pipeline.
    /// </summary>
    internal LedgerRun Run => _run ??= new LedgerRun();

    /// <summary>
    /// Disposes of an object at the end of the pipeline: the engine disposes of all its cmdlets after the last one has ended.
    /// </summary>
    internal void DisposeAtEnd(IDisposable owned) => _owned.Add(owned);

    /// <summary>Writes a warning once per call for each text or, if the text varies, for each subject. Thread-safe.</summary>
    internal void WarnOnce(string message, string? matter = null) => Post(() =>
    {
        if (_told.Add(matter ?? message))
        {
            WriteWarning(message);
        }
    });

    /// <summary>Shows a message at Ctrl+C, when the streams are already closed.</summary>
    internal void WarnOnStop(string? message)
    {
        try
        {
            if (message is not null)
            {
                Host?.UI?.WriteWarningLine(SecretRedactor.Mask(message));
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The host cannot display anything.
        }
    }

    /// <summary>The message for Ctrl+C; null if there is nothing to say.</summary>
    internal virtual string? DescribeStop() => null;

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        // The message comes first, because the prompt may return as soon as the work is canceled.
        WarnOnStop(DescribeStop());
        base.StopProcessing();
    }

    /// <summary>Traces each request with -Verbose and its bodies with -Debug; null if neither is on.</summary>
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
        _journal = LedgerChoice.Journal;
        Group = PipelineGroup.Open(session);
        _place = Group.Join(CommandText.Reproduce(MyInvocation));
        _errors = new HeldErrors(this, Group, _place);
        Outlet = new VideoOutlet(this, Group);
        Begin();
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        Group.Seal();
        Process();
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Group.Seal();
        End();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _errors?.Release();
            _run?.Dispose();
            _owned.ForEach(owned => owned.Dispose());
        }
    }

    /// <summary>Runs before any input.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>Runs for each input.</summary>
    internal virtual void Process()
    {
    }

    /// <summary>Runs after all input.</summary>
    internal virtual void End()
    {
    }

    /// <summary>Waits for the work and ends the call.</summary>
    internal void Finish()
    {
        try
        {
            FinishWork();
            Outlet.WriteKinds();
        }
        catch (ChuiziException exception)
        {
            Outlet.WriteKinds();
            Errors.Terminate(ErrorRecords.From(exception));
        }

        Outlet.Complete();
        Errors.End(throws: Outlet.Tally is null);
    }
}
