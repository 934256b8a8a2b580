using System.Globalization;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Waiting;

/// <summary>How the waiting for one video ended: with its end, or with a failure of the waiting itself.</summary>
/// <param name="Video">The video, as it was handed in.</param>
/// <param name="State">Its last state; null where the waiting failed.</param>
/// <param name="Failure">WaitTimeout, VideoNotFound and the like; the job may live.</param>
internal sealed record WaitOutcome(Video Video, VideoState? State, ChuiziException? Failure)
{
    /// <summary>Brings the video up to date, on the thread of whoever owns it, and gives it back.</summary>
    public Video Settle()
    {
        State?.ApplyTo(Video);
        return Video;
    }

    internal static WaitOutcome TimedOut(Video video, TimeSpan waited)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"The video {video.Id} is not finished after {waited.TotalSeconds:0.#} s of waiting; it lives on at the API.");
        return new WaitOutcome(video, null, new ChuiziException(ChuiziErrorKind.WaitTimeout, message) { VideoId = video.Id });
    }
}
