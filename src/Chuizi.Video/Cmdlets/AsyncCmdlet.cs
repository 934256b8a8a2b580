using System.Collections.Concurrent;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// A cmdlet whose work runs on the pool while the pipeline thread writes. Work hands over what is to be written with
/// <see cref="Post"/>; only the pipeline thread writes. However the cmdlet ends (Ctrl+C, a downstream that throws,
/// <c>Select-Object -First</c>, which never calls <see cref="StopProcessing"/>), its work is cancelled and awaited.
/// </summary>
public abstract class AsyncCmdlet : PSCmdlet, IDisposable
{
    /// <summary>How often the pipeline thread looks up while nothing is posted.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _posted = new(new ConcurrentQueue<Action>());
    private ProgressDisplay? _progress;
    private Task? _work;

    /// <summary>Cancelled when the cmdlet has to end, for whatever reason.</summary>
    internal CancellationToken StopToken => _stop.Token;

    /// <summary>Whether work has been started.</summary>
    internal bool IsWorking => _work is not null;

    /// <summary>Writes a warning. The text may be a server's or a ledger's, and must not steer a terminal.</summary>
    internal new void WriteWarning(string text) => base.WriteWarning(TerminalText.WithoutControls(text));

    /// <summary>Writes to the verbose stream, without what would steer a terminal.</summary>
    internal new void WriteVerbose(string text) => base.WriteVerbose(TerminalText.WithoutControls(text));

    /// <summary>Writes to the debug stream, without what would steer a terminal.</summary>
    internal new void WriteDebug(string text) => base.WriteDebug(TerminalText.WithoutControls(text));

    /// <inheritdoc/>
    protected override void StopProcessing() => CancelWork();

    /// <summary>Starts the work on the pool.</summary>
    internal void StartWork(Func<CancellationToken, Task> work) => _work = Task.Run(() => work(_stop.Token), CancellationToken.None);

    /// <summary>Has the pipeline thread do something soon, in the order of posting; from any thread.</summary>
    internal void Post(Action write)
    {
        try
        {
            _posted.Add(write, CancellationToken.None);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // A request that outlives its cmdlet has nobody to tell any more.
        }
    }

    /// <summary>Has the pipeline thread compute something, such as a user's script block; from the work.</summary>
    internal Task<T> AskPipelineAsync<T>(Func<T> compute)
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

    /// <summary>Does what has been posted so far, without waiting.</summary>
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

    /// <summary>Writes until the work has ended and all is written; a failure of the work is thrown here.</summary>
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

    /// <summary>Does something on the pool and waits for its result, writing meanwhile; for what comes before the work.</summary>
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
            // What was posted may have thrown, and the cmdlet is at its end.
            if (!task.IsCompleted)
            {
                End(task);
            }
        }
    }

    /// <summary>
    /// Waits on the pipeline thread without writing: for what may itself be something posted, since the failure of another (a downstream
    /// that throws) would be taken for its own.
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

    private void WriteUntilDone(Task work)
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

    /// <summary>What the progress bar shows now; null for none.</summary>
    protected virtual ProgressRecord? DescribeProgress(int activity) => null;

    /// <summary>
    /// The value of <c>-ErrorAction</c> or <c>$ErrorActionPreference</c> is Stop; or Inquire, which is the same once the answer is "halt",
    /// or where nobody can be asked.
    /// </summary>
    internal bool StopsOnError =>
        Prefers("ErrorAction", "ErrorActionPreference", ActionPreference.Stop)
        || Prefers("ErrorAction", "ErrorActionPreference", ActionPreference.Inquire);

    /// <summary>Whether verbose lines are wanted. With -Debug alone the engine would ask after each of them whether to go on.</summary>
    internal bool IsVerbose => Wants("Verbose") && (!IsGiven("Debug") || IsGiven("Verbose"));

    /// <summary>Whether debug lines are wanted.</summary>
    internal bool IsDebugging => Wants("Debug");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the work, if it still runs, and waits for its end.</summary>
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

    /// <summary>Whether a switch is given, and not as <c>:$false</c>.</summary>
    internal bool IsGiven(string parameter) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? given) && LanguagePrimitives.IsTrue(given);

    private bool Wants(string stream) => MyInvocation.BoundParameters.ContainsKey(stream)
        ? IsGiven(stream)
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
            // It has been thrown where it belongs, or the end was ours.
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
                // Stopped after its end.
            }
        }
    }
}
