using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>A cmdlet that takes videos: by id, or from the pipeline as videos, texts (ids) or rows with a column Id.</summary>
public abstract class VideoInputCmdlet : VideoCmdlet
{
    private int _number;
    private bool _isIdGiven;
    private bool _isIdComputed;

    /// <summary>The ids of videos; of piped objects also a script block that gives the id of each.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input", ValueFromPipelineByPropertyName = true)]
    [Alias("VideoId")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    [AllowEmptyCollection]
    public virtual string?[]? Id { get; set; }

    /// <summary>Videos, ids as texts, or objects with a property Id or VideoId.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public virtual PSObject? InputObject { get; set; }

    internal sealed override void Begin()
    {
        // Now a script block is here as something of the engine's own; what it gives comes with each object.
        bool isBound = MyInvocation.BoundParameters.TryGetValue(nameof(Id), out object? id);
        _isIdGiven = isBound && id is (null or string[]);
        _isIdComputed = isBound && !_isIdGiven;
        BeginVideos();
    }

    internal sealed override void Process()
    {
        bool isPiped = ParameterSetName == "Input" && (MyInvocation.ExpectingInput || InputObject is not null);
        if (isPiped && !_isIdGiven)
        {
            Take(() => !_isIdComputed ? VideoArgument.Read(InputObject)
                : Id is { Length: > 1 } ? throw new FormatException($"The script block for Id gives {Id.Length} ids; it is to give one.")
                : VideoArgument.FromId(Id?.FirstOrDefault(), InputObject), InputObject);
        }
        else if (isPiped)
        {
            Refuse("AmbiguousInput", "is given videos twice: piped, and with -Id.");
        }
        else if (_isIdGiven)
        {
            foreach (string? id in Id ?? [null])
            {
                Take(() => VideoArgument.FromId(id, null), id);
            }
        }
        else if (ParameterSetName == "Input")
        {
            Refuse("NoInput", "is given no video.");
        }

        void Refuse(string id, string message) => ThrowTerminatingError(ErrorRecords.Make(
            id, ErrorCategory.InvalidArgument, null, $"{MyInvocation.MyCommand.Name} {message}", "Pipe videos to it, or name them with -Id."));
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
            Tally?.Refuse("NoVideoId", exception.Message);
            Errors.Write(ErrorRecords.Make(
                "NoVideoId",
                ErrorCategory.InvalidArgument,
                ((target as PSObject)?.BaseObject ?? target) is string text ? Masker.Mask(text) : target,
                string.Create(CultureInfo.InvariantCulture, $"Input {_number}: {exception.Message}"),
                "Pipe videos from New-ChuiziVideo, ids as texts, or rows with a column Id.",
                exception));
            return;
        }

        Errors.TakeOver(video);
        ProcessVideo(video);
        WritePosted();
    }
}
