using System.Management.Automation;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Errors that must not strand a batch. Under <c>-ErrorAction Stop</c> an error is held until every video has been dealt with: by this
/// cmdlet or, where its videos have gone on to a later one of ours in the same pipeline, by that one. (An error thrown earlier would
/// keep the later one from finishing.)
/// </summary>
internal sealed class HeldErrors(VideoCmdlet cmdlet, PipelineGroup group)
{
    private readonly int _place = group.Join();
    private readonly List<ErrorRecord> _held = [];
    private readonly List<HeldErrors> _inherited = [];
    private VideoCmdlet? _cmdlet = cmdlet;
    private bool _isTaken;
    private bool _hasEnded;

    /// <summary>Whether the pipeline still runs.</summary>
    public bool IsAlive => _cmdlet is not null;

    /// <summary>Whether the cmdlet has emitted a video.</summary>
    public bool HasEmitted { get; set; }

    /// <summary>All cmdlets of the pipeline have begun.</summary>
    public void Seal() => group.Seal();

    /// <summary>Writes an error at once, or holds it.</summary>
    public void Write(ErrorRecord error)
    {
        group.HasErrors = true;
        if (_cmdlet!.StopsOnError)
        {
            _held.Add(error);
        }
        else
        {
            _cmdlet.WriteError(error);
        }
    }

    /// <summary>Writes an error that must be told whatever else went wrong: of those that are held, the first is shown.</summary>
    public void WriteFirst(ErrorRecord error)
    {
        Write(error);
        if (_held.Remove(error))
        {
            _held.Insert(0, error);
        }
    }

    /// <summary>
    /// Ends the call. Terminating where nothing has come out of it; else an error like any other, since a terminating one would take
    /// the paid videos from whoever assigns or saves them.
    /// </summary>
    public void Terminate(ErrorRecord error)
    {
        if (HasEmitted)
        {
            Write(error);
        }
        else
        {
            _hasEnded = true;
            _cmdlet!.ThrowTerminatingError(error);
        }
    }

    /// <summary>Takes over what the cmdlet that emitted a video holds, if that cmdlet is an earlier one of this pipeline.</summary>
    public void TakeOver(HeldErrors? emitter)
    {
        if (emitter is { _hasEnded: false } && emitter.IsBefore(this) && !_inherited.Contains(emitter))
        {
            emitter._isTaken = true;
            _inherited.Add(emitter);
        }
    }

    /// <summary>Ends the call once every video has been dealt with: throws what is held, unless a later cmdlet will.</summary>
    /// <param name="throws">
    /// False where the call has emitted a summary. An error would take the summary from whoever assigns it, so it becomes a warning.
    /// </param>
    public void End(bool throws)
    {
        _hasEnded = true;
        ErrorRecord[] all = _isTaken ? [] : [.. All()];
        if (all.Length == 0)
        {
            return;
        }

        ErrorRecord first = all[0];
        if (all.Length > 1)
        {
            ErrorRecords.Amend(first, "", $" (This is the first of {all.Length} errors.)");
        }

        if (!throws)
        {
            _cmdlet!.WriteWarning(first.ErrorDetails.Message);
        }
        else if (_cmdlet!.StopsOnError)
        {
            _cmdlet.WriteError(first);
        }
        else
        {
            _cmdlet.ThrowTerminatingError(first);
        }
    }

    /// <summary>The pipeline is over: lets go of what it held, since videos live on and point here.</summary>
    public void Release()
    {
        Seal();
        _hasEnded = true;
        _cmdlet = null;
        _held.Clear();
        _inherited.Clear();
    }

    private bool IsBefore(HeldErrors other) => group == other.Group && _place < other._place;

    private PipelineGroup Group => group;

    private IEnumerable<ErrorRecord> All() => _inherited.SelectMany(other => other.All()).Concat(_held);
}
