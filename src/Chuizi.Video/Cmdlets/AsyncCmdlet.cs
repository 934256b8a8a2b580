using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// A cmdlet whose work runs on the thread pool while only the pipeline thread writes. The work posts its output with <see cref="Post"/>.
/// However the cmdlet ends (Ctrl+C, a downstream command that throws, <c>Select-Object -First</c>, which never calls
/// <see cref="StopProcessing"/>), the work is canceled and awaited.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>How long the pipeline thread waits for posted output before it updates the progress display.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);

    private static readonly List<AsyncCmdlet> s_writing = [];

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _posted = new(new ConcurrentQueue<Action>());
    private ProgressDisplay? _progress;
    private Task? _work;
    private Guid _runspace;

    /// <summary>Canceled when the cmdlet has to end, for whatever reason.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>Whether work has been started.</summary>
    internal bool IsWorking => _work is not null;

    /// <summary>Writes a warning without control characters: the text may come from a server or a ledger.</summary>
    internal new void WriteWarning(string text)
    {
        ModuleSession.Current.Logged?.Invoke("WARNING", text);
        base.WriteWarning(TerminalText.WithoutControls(text));
    }

    /// <summary>Writes a line to the information stream.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="shows">Whether the host shows it, whatever the preference for information is.</param>
    /// <param name="logged">The text for a log that has times of its own, if it is another one.</param>
    internal void WriteLine(string text, string tag, bool shows, string? logged = null)
    {
        ModuleSession.Current.Logged?.Invoke("INFO", logged ?? text);
        WriteInformation(
            new HostInformationMessage { Message = TerminalText.WithoutControls(text) }, shows ? ["PSHOST", tag] : [tag]);
    }

    /// <summary>Writes a verbose message without control characters.</summary>
    internal new void WriteVerbose(string text) => base.WriteVerbose(TerminalText.WithoutControls(text));

    /// <summary>Writes a debug message without control characters.</summary>
    internal new void WriteDebug(string text) => base.WriteDebug(TerminalText.WithoutControls(text));

    /// <inheritdoc/>
    protected override void StopProcessing() => CancelWork();

    /// <summary>Starts the work on the thread pool.</summary>
    internal void StartWork(Func<CancellationToken, Task> work) => _work = Task.Run(() => work(_stop.Token), CancellationToken.None);

    /// <summary>Queues an action for the pipeline thread, in the order of posting. Thread-safe.</summary>
    internal void Post(Action write)
    {
        try
        {
            _posted.Add(write, CancellationToken.None);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // A request can outlive its cmdlet. Its output is discarded.
        }
    }

    /// <summary>Runs a function on the pipeline thread, such as a user's script block, and returns its result to the work.</summary>
    internal Task<T> InvokeOnPipelineAsync<T>(Func<T> compute)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(compute());
            }
            catch (Exception exception) when (!FlowControl.Is(exception))
            {
                answer.SetException(exception);
            }
        });
        return answer.Task.WaitAsync(StopToken);
    }

    /// <summary>Runs the actions posted so far, without waiting for more.</summary>
    internal void WritePosted()
    {
        try
        {
            while (_posted.TryTake(out Action? write))
            {
                write();
            }

            ShowProgress();
        }
        catch
        {
            EndWork();
            throw;
        }
    }

    /// <summary>Runs posted actions until the work has ended and nothing is left to write. Throws if the work failed.</summary>
    internal void FinishWork()
    {
        if (_work is not { } work)
        {
            WritePosted();
            return;
        }

        try
        {
            WriteUntilDone(work);
            work.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            EndWork();
        }
    }

    /// <summary>Runs something on the thread pool before the main work, and waits for its result while writing posted output.</summary>
    internal T Await<T>(Func<CancellationToken, Task<T>> work)
    {
        Task<T> task = Task.Run(() => work(StopToken), CancellationToken.None);
        try
        {
            WriteUntilDone(task);
            return task.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            // A posted action threw, so the cmdlet is ending.
            if (!task.IsCompleted)
            {
                End(task);
            }
        }
    }

    /// <summary>
    /// Blocks the pipeline thread without running posted actions. Posted actions use it themselves: if they ran others, an exception of
    /// another action (a downstream command that throws) would look like their own.
    /// </summary>
    internal T WaitFor<T>(Task<T> task)
    {
        try
        {
            return task.WaitAsync(StopToken).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>The cmdlet that runs posted actions now on the pipeline thread of a runspace; null if no cmdlet does.</summary>
    internal static AsyncCmdlet? WritingIn(Guid runspace)
    {
        lock (s_writing)
        {
            return s_writing.FindLast(cmdlet => cmdlet._runspace == runspace);
        }
    }

    private void WriteUntilDone(Task work)
    {
        _runspace = Runspace.DefaultRunspace.InstanceId;
        lock (s_writing)
        {
            s_writing.Add(this);
        }

        try
        {
            WritePostedUntilDone(work);
        }
        finally
        {
            lock (s_writing)
            {
                s_writing.RemoveAt(s_writing.LastIndexOf(this));
            }
        }
    }

    private void WritePostedUntilDone(Task work)
    {
        _ = work.ContinueWith(
            _ => Post(() => { }), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        ShowProgress();
        while (!work.IsCompleted || _posted.Count > 0)
        {
            if (_posted.TryTake(out Action? write, (int)s_tick.TotalMilliseconds, StopToken))
            {
                write();
            }

            ShowProgress();
        }
    }

    /// <summary>The current progress; null if there is nothing to show.</summary>
    protected virtual ProgressRecord? DescribeProgress(int activity) => null;

    /// <summary>
    /// Whether <c>-ErrorAction</c> or <c>$ErrorActionPreference</c> is Stop. Inquire counts as Stop: it stops if the user answers "halt",
    /// or if the session is not interactive.
    /// </summary>
    internal bool StopsOnError =>
        Prefers("ErrorAction", "ErrorActionPreference", ActionPreference.Stop)
        || Prefers("ErrorAction", "ErrorActionPreference", ActionPreference.Inquire);

    /// <summary>
    /// Whether to write verbose messages. With -Debug alone they are off, because the engine could ask for confirmation after each one.
    /// </summary>
    internal bool IsVerbose => Wants("Verbose") && (!IsSpecified("Debug") || IsSpecified("Verbose"));

    /// <summary>Whether to write debug messages.</summary>
    internal bool IsDebugging => Wants("Debug");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels the work if it is still running, and waits for it to end.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            EndWork();
            _posted.Dispose();
            lock (_posted)
            {
                _stop.Dispose();
            }
        }
    }

    /// <summary>Whether the cmdlet only shows what it would do: <c>-WhatIf</c> or <c>$WhatIfPreference</c>.</summary>
    internal bool IsWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given) ? given : GetVariableValue("WhatIfPreference"));

    /// <summary>Whether a switch is specified and not set to <c>:$false</c>.</summary>
    internal bool IsSpecified(string parameter) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? given) && LanguagePrimitives.IsTrue(given);

    private bool Wants(string stream) => MyInvocation.BoundParameters.ContainsKey(stream)
        ? IsSpecified(stream)
        : !Prefers("", stream + "Preference", ActionPreference.SilentlyContinue)
            && !Prefers("", stream + "Preference", ActionPreference.Ignore);

    private bool Prefers(string parameter, string variable, ActionPreference wanted)
    {
        object? value = MyInvocation.BoundParameters.TryGetValue(parameter, out object? given) ? given : GetVariableValue(variable);
        return LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out ActionPreference preference)
            && preference == wanted;
    }

    private void ShowProgress() => (_progress ??= new ProgressDisplay(this, DescribeProgress)).Show();

    private void EndWork()
    {
        End(_work);
        _progress?.Hide();
    }

    private void End(Task? work)
    {
        CancelWork();
        try
        {
            work?.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The exception was already thrown to the caller, or is the result of our own cancellation.
        }
    }

    private void CancelWork()
    {
        lock (_posted)
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // StopProcessing can arrive after Dispose.
            }
        }
    }
}
