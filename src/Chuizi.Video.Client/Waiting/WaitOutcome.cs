using System.Globalization;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Waiting;

/// <summary>How waiting for one video ended: the job ended, or the waiting itself failed.</summary>
/// <param name="Video">The video, as it was added.</param>
/// <param name="State">Its last state; null if the waiting failed.</param>
/// <param name="Failure">WaitTimeout, VideoNotFound and the like; the job may still be running.</param>
internal sealed record WaitOutcome(Video Video, VideoState? State, ChuiziException? Failure)
{
    /// <summary>The outcome of a job that was not finished at its deadline.</summary>
    public static WaitOutcome TimedOut(Video video, TimeSpan waited)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"The video {video.Id} was not finished after {waited.TotalSeconds:0.#} s. The API continues to render it.");
        return new WaitOutcome(video, null, new ChuiziException(ChuiziErrorKind.WaitTimeout, message) { VideoId = video.Id });
    }
}
