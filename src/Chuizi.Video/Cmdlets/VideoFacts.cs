using System.Runtime.CompilerServices;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// What the cmdlets of this process know of a video, beside its own properties, which are plain data. For the pipeline thread.
/// </summary>
internal sealed class VideoFacts
{
    private static readonly ConditionalWeakTable<Video, VideoFacts> s_facts = [];

    /// <summary>The errors of the cmdlet that emitted it: a later cmdlet of the same pipeline takes over those that are held.</summary>
    public HeldErrors? Emitter { get; set; }

    /// <summary>The errors of the cmdlet that has reported its failure: one failure gives one error record in a pipeline.</summary>
    public HeldErrors? Reporter { get; set; }

    /// <summary>What kept it from being done; null where nothing did, or where another process knows.</summary>
    public VideoProblem? Problem { get; set; }

    /// <summary>Whether nothing is known of it but the id that the user named, so that nobody has asked the API about it yet.</summary>
    public bool IsBareId { get; set; }

    /// <summary>The facts about a video.</summary>
    public static VideoFacts Of(Video video) => s_facts.GetOrCreateValue(video);
}
