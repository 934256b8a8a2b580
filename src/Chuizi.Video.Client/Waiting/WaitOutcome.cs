using System.Globalization;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Waiting;

/// <summary>How the waiting for one video ended: the job ended, or the waiting itself failed.</summary>
/// <param name="Video">The video, as it was added.</param>
/// <param name="State">Its last state; null where the waiting failed.</param>
/// <param name="Failure">WaitTimeout, VideoNotFound and the like; the job may still be running.</param>
internal sealed record WaitOutcome(Video Video, VideoState? State, ChuiziException? Failure)
{
    /// <summary>The outcome of a job that was not finished at its deadline.</summary>
    public static WaitOutcome TimedOut(Video video, TimeSpan waited)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"The video {video.Id} is not finished after {waited.TotalSeconds:0.#} s of waiting; it lives on at the API.");
        return new WaitOutcome(video, null, new ChuiziException(ChuiziErrorKind.WaitTimeout, message) { VideoId = video.Id });
    }
}
