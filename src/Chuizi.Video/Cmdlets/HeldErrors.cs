using System.Management.Automation;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Keeps <c>-ErrorAction Stop</c> from abandoning a batch: errors are held until every video has been processed, by this cmdlet or by a
/// later cmdlet of this module in the same pipeline. Throwing earlier would stop the later cmdlet before it finishes.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="group">The cmdlets of this module in the pipeline.</param>
/// <param name="place">The position of the cmdlet among them.</param>
internal sealed class HeldErrors(VideoCmdlet cmdlet, PipelineGroup group, int place)
{
    private readonly List<ErrorRecord> _held = [];
    private readonly List<HeldErrors> _inherited = [];
    private VideoCmdlet? _cmdlet = cmdlet;
    private bool _isTaken;
    private bool _hasEnded;

    /// <summary>Whether the pipeline is still running.</summary>
    public bool IsAlive => _cmdlet is not null;

    /// <summary>Whether the cmdlet has emitted a video.</summary>
    public bool HasEmitted { get; set; }

    /// <summary>Writes an error immediately, or holds it under <c>-ErrorAction Stop</c>.</summary>
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

    /// <summary>Writes an error that must be visible: only the first of the held errors is thrown.</summary>
    public void WriteFirst(ErrorRecord error)
    {
        Write(error);
        if (_held.Remove(error))
        {
            _held.Insert(0, error);
        }
    }

    /// <summary>
    /// Ends the call with a terminating error if nothing was emitted yet. Otherwise the error is non-terminating, so that videos already
    /// billed still reach the variable or cmdlet downstream.
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

    /// <summary>Takes over the held errors of the cmdlet that emitted a video, if that cmdlet is earlier in this pipeline.</summary>
    public void TakeOver(HeldErrors? emitter)
    {
        if (emitter is { _hasEnded: false } && emitter.IsBefore(this) && !_inherited.Contains(emitter))
        {
            emitter._isTaken = true;
            _inherited.Add(emitter);
        }
    }

    /// <summary>
    /// Ends the call after every video was processed. Of the held errors, the first is thrown and the others are counted, unless a later
    /// cmdlet took them over.
    /// </summary>
    /// <param name="throws">
    /// False if the call emitted a summary: the error becomes a warning, because throwing would lose the summary in an assignment.
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
            ErrorRecords.Amend(first, "", $" (First of {all.Length} errors.)");
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

    /// <summary>Releases everything at the end of the pipeline, because videos keep a reference to this object.</summary>
    public void Release()
    {
        group.Seal();
        _hasEnded = true;
        _cmdlet = null;
        _held.Clear();
        _inherited.Clear();
    }

    private bool IsBefore(HeldErrors other) => group == other.Group && place < other.Place;

    private PipelineGroup Group => group;

    private int Place => place;

    private IEnumerable<ErrorRecord> All() => _inherited.SelectMany(other => other.All()).Concat(_held);
}
