using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>A cmdlet that takes videos: by id, or from the pipeline as videos, texts (ids) or rows with a column Id.</summary>
public abstract class VideoInputCmdlet : VideoCmdlet
{
    private int _number;

    /// <summary>The ids of videos.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Id")]
    [Alias("VideoId")]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(VideoIdCompleter))]
    public virtual string[] Id { get; set; } = [];

    /// <summary>Videos, ids as texts, or objects with a property Id or VideoId.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Input")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    internal sealed override void Process()
    {
        if (ParameterSetName == "Id")
        {
            foreach (string id in Id)
            {
                Take(() => VideoArgument.FromId(id, null), id);
            }
        }
        else if (ParameterSetName == "Input")
        {
            Take(() => VideoArgument.Read(InputObject), InputObject);
        }
    }

    internal sealed override void End()
    {
        EndVideos();
        Finish();
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
                target,
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
