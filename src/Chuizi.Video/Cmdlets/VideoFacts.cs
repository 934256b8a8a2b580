using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// Internal state of a video in this process, kept apart from its public properties, which are plain data. Use only on the pipeline thread.
/// </summary>
internal sealed class VideoFacts
{
    private static readonly ConditionalWeakTable<Video, VideoFacts> s_facts = [];
    private static readonly TimeSpan s_late = TimeSpan.FromMinutes(1);

    private long _finished;

    /// <summary>The errors of the cmdlet that emitted the video. A later cmdlet in the pipeline takes over the held ones.</summary>
    public HeldErrors? Emitter { get; set; }

    /// <summary>The errors of the cmdlet that reported the failure, so that a failure causes only one error record per pipeline.</summary>
    public HeldErrors? Reporter { get; set; }

    /// <summary>Why the video was not processed; null if nothing failed, or if only another process knows.</summary>
    public FailureReason? Problem { get; set; }

    /// <summary>
    /// Whether the API reported the video as finished in the last minute, so that the CDN may not have it yet. Thread-safe.
    /// </summary>
    public bool IsJustFinished => Volatile.Read(ref _finished) is > 0 and var at && Stopwatch.GetElapsedTime(at) < s_late;

    /// <summary>Whether only the id is known, because the API has not been polled yet.</summary>
    public bool IsBareId { get; set; }

    /// <summary>Records that the API has just reported the video as finished.</summary>
    public void SeeFinished() => Volatile.Write(ref _finished, Stopwatch.GetTimestamp());

    /// <summary>The state of a video.</summary>
    public static VideoFacts Of(Video video) => s_facts.GetOrCreateValue(video);
}
