using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>A cmdlet that accepts videos: by id, or from the pipeline as videos, strings (ids) or rows with an Id column.</summary>
public abstract class VideoInputCmdlet : VideoCmdlet
{
    private KnownVideos? _known;
    private bool _isIdSpecified;
    private ScriptBlock? _block;

    /// <summary>The ids of videos, or a script block that returns the id of each piped object.</summary>
    // Typed as object, because the engine would evaluate a script block for a string parameter itself and drop inputs where that fails.
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [Alias("VideoId")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    public virtual object? Id { get; set; }

    /// <summary>Videos, ids as strings, or objects with a property Id or VideoId.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public virtual PSObject? InputObject { get; set; }

    internal sealed override void Begin()
    {
        _block = UnwrapPSObject.Shallow(Id) as ScriptBlock;
        _isIdSpecified = _block is null && MyInvocation.BoundParameters.ContainsKey(nameof(Id));
        BeginVideos();
    }

    internal sealed override void Process()
    {
        bool isPiped = ParameterSetName == "Input" && (MyInvocation.ExpectingInput || InputObject is not null);
        if (isPiped && !_isIdSpecified)
        {
            Number++;
            Take(
                () => _block is null
                    ? VideoArgument.Read(InputObject)
                    : VideoArgument.FromId(ScriptBlocks.Evaluate("Id", _block, InputObject), InputObject),
                InputObject);
        }
        else if (isPiped)
        {
            Refuse("AmbiguousInput", "received videos both from the pipeline and from -Id.");
        }
        else if (_isIdSpecified)
        {
            object? given = UnwrapPSObject.Of(Id);
            foreach (object? id in given is IList { Count: > 0 } list ? list : new[] { given })
            {
                Number++;
                if (!TakeText(id))
                {
                    Take(() => VideoArgument.FromId(id, null), id);
                }
            }
        }
        else if (_block is not null || ParameterSetName == "Input")
        {
            Refuse("NoInput", "received no videos.");
        }

        void Refuse(string id, string message) => ThrowTerminatingError(ErrorRecords.Make(
            id,
            ErrorCategory.InvalidArgument,
            null,
            $"{MyInvocation.MyCommand.Name} {message}",
            "Pipe videos to the cmdlet or specify -Id, but not both."));
    }

    internal sealed override void End()
    {
        EndVideos();
        Finish();
    }

    /// <summary>The videos in the known ledgers, one of which may be a blob.</summary>
    internal KnownVideos Known => _known ??= KnownVideos.Read(this, ClientIfConnected?.Connection);

    /// <summary>Processes a value of -Id that is not meant as an id; false if it is.</summary>
    internal virtual bool TakeText(object? id) => false;

    /// <summary>Runs before any video.</summary>
    internal virtual void BeginVideos()
    {
    }

    /// <summary>Processes one video, which may have no id (<c>unknown</c>, <c>skipped</c>, rejected).</summary>
    internal abstract void ProcessVideo(Video video);

    /// <summary>Called when there are no more videos.</summary>
    internal abstract void EndVideos();

    /// <summary>The number of the current input, from 1.</summary>
    internal int Number { get; private set; }

    /// <summary>Whether the known ledgers complete a video of which only the id is known.</summary>
    internal virtual bool CompletesIds => true;

    /// <summary>Reports an input that is not a video.</summary>
    internal virtual void RefuseInput(object? input, FormatException why)
    {
        Outlet.Drop(new FailureReason("NoVideoId", why.Message));
        Errors.Write(ErrorRecords.Make(
            "NoVideoId",
            ErrorCategory.InvalidArgument,
            VideoArgument.HoldsKey(input) ? null : input,
            string.Create(CultureInfo.InvariantCulture, $"Input {Number}: {why.Message}"),
            "Pipe videos from New-ChuiziVideo, ids as strings, or rows with a column Id.",
            why));
    }

    private void Take(Func<Video> read, object? target)
    {
        Video video;
        try
        {
            video = read();
        }
        catch (FormatException exception)
        {
            RefuseInput(target, exception);
            return;
        }

        // Of a bare id nothing else is known.
        if (CompletesIds && video is { Id: not null, Model: null, Created: null, Status: VideoStatus.Processing })
        {
            video = Known.Complete(video);
        }

        Outlet.Receive(video);
        ProcessVideo(video);
        WritePosted();
    }
}
