using System.Management.Automation;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>
/// Errors that must not strand a batch. Under <c>-ErrorAction Stop</c> an error is held until every video has been dealt with: by this
/// cmdlet or, where its videos have gone on to a later one of ours in the same pipeline, by that one. (An error thrown earlier would
/// keep the later one from finishing.)
/// </summary>
internal sealed class HeldErrors(PSCmdlet cmdlet, Func<bool> stopsOnError)
{
    private readonly List<ErrorRecord> _held = [];
    private readonly List<HeldErrors> _inherited = [];
    private bool _hasEmitted;
    private bool _ended;

    /// <summary>Whether a later cmdlet of the pipeline has taken the errors over.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Writes an error at once, or holds it.</summary>
    public void Write(ErrorRecord error)
    {
        if (stopsOnError())
        {
            _held.Add(error);
        }
        else
        {
            cmdlet.WriteError(error);
        }
    }

    /// <summary>
    /// Ends the call. Terminating where nothing has come out of it; else an error like any other, since a terminating one would take
    /// the paid videos from whoever assigns or saves them.
    /// </summary>
    public void Terminate(ErrorRecord error)
    {
        if (_hasEmitted)
        {
            Write(error);
        }
        else
        {
            _ended = true;
            cmdlet.ThrowTerminatingError(error);
        }
    }

    /// <summary>Takes over what the cmdlet that emitted <paramref name="video"/> holds.</summary>
    public void TakeOver(Video video)
    {
        if (video.Errand is HeldErrors { _ended: false } other && other != this && !_inherited.Contains(other))
        {
            other.IsTaken = true;
            _inherited.Add(other);
        }
    }

    /// <summary>Marks a video that is about to be emitted.</summary>
    public void Mark(Video video)
    {
        _hasEmitted = true;
        video.Errand = this;
    }

    /// <summary>All is dealt with: throws what is held, unless a later cmdlet will.</summary>
    public void End()
    {
        _ended = true;
        if (IsTaken)
        {
            return;
        }

        List<ErrorRecord> all = [.. All()];
        if (all.Count == 0)
        {
            return;
        }

        ErrorRecord first = all[0];
        if (all.Count > 1)
        {
            first.ErrorDetails = new ErrorDetails($"{first.ErrorDetails.Message} (This is the first of {all.Count} errors.)")
            {
                RecommendedAction = first.ErrorDetails.RecommendedAction,
            };
        }

        if (stopsOnError())
        {
            cmdlet.WriteError(first);
        }
        else
        {
            cmdlet.ThrowTerminatingError(first);
        }
    }

    private IEnumerable<ErrorRecord> All() => _inherited.SelectMany(other => other.All()).Concat(_held);
}
