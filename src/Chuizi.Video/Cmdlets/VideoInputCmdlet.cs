using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>A cmdlet that takes videos: by id, or from the pipeline as videos, texts (ids) or rows with a column Id.</summary>
public abstract class VideoInputCmdlet : VideoCmdlet
{
    private int _number;
    private bool _isIdGiven;
    private ScriptBlock? _block;

    /// <summary>The ids of videos; of piped objects a script block that gives the id of each.</summary>
    // An object: the engine itself evaluates a script block for a text and drops the input where that fails, so that no summary counts it.
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [Alias("VideoId")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    public virtual object? Id { get; set; }

    /// <summary>Videos, ids as texts, or objects with a property Id or VideoId.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public virtual PSObject? InputObject { get; set; }

    internal sealed override void Begin()
    {
        _block = (Id is PSObject wrapped ? wrapped.BaseObject : Id) as ScriptBlock;
        _isIdGiven = _block is null && MyInvocation.BoundParameters.ContainsKey(nameof(Id));
        BeginVideos();
    }

    internal sealed override void Process()
    {
        bool isPiped = ParameterSetName == "Input" && (MyInvocation.ExpectingInput || InputObject is not null);
        if (isPiped && !_isIdGiven)
        {
            Take(
                () => _block is null
                    ? VideoArgument.Read(InputObject)
                    : VideoArgument.FromId(ScriptBlocks.Evaluate("Id", _block, InputObject), InputObject),
                InputObject);
        }
        else if (isPiped)
        {
            Refuse("AmbiguousInput", "is given videos twice: piped, and with -Id.");
        }
        else if (_isIdGiven)
        {
            object? given = UnwrapPSObject.Of(Id);
            foreach (object? id in given is IList { Count: > 0 } list ? list : new[] { given })
            {
                Take(() => VideoArgument.FromId(id, null), id);
            }
        }
        else if (_block is not null || ParameterSetName == "Input")
        {
            Refuse("NoInput", "is given no video.");
        }

        void Refuse(string id, string message) => ThrowTerminatingError(ErrorRecords.Make(
            id,
            ErrorCategory.InvalidArgument,
            null,
            $"{MyInvocation.MyCommand.Name} {message}",
            "Pipe videos to it, or name them with -Id."));
    }

    internal sealed override void End()
    {
        EndVideos();
        Finish();
    }

    /// <summary>Before any video.</summary>
    internal virtual void BeginVideos()
    {
    }

    /// <summary>Takes one video, which may be without an id (<c>unknown</c>, <c>skipped</c>, refused).</summary>
    internal abstract void ProcessVideo(Video video);

    /// <summary>Says that no more videos come.</summary>
    internal abstract void EndVideos();

    private void Take(Func<Video> read, object? target)
    {
        _number++;
        Video video;
        try
        {
            video = read();
        }
        catch (FormatException exception)
        {
            Outlet.Drop(new VideoProblem("NoVideoId", exception.Message));
            Errors.Write(ErrorRecords.Make(
                "NoVideoId",
                ErrorCategory.InvalidArgument,
                VideoArgument.HoldsKey(target) ? null : target,
                string.Create(CultureInfo.InvariantCulture, $"Input {_number}: {exception.Message}"),
                "Pipe videos from New-ChuiziVideo, ids as texts, or rows with a column Id.",
                exception));
            return;
        }

        Outlet.Receive(video);
        ProcessVideo(video);
        WritePosted();
    }
}
