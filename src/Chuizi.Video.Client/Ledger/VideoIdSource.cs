using System.Runtime.CompilerServices;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Where in the response the id of a video was, if it was not where the contract puts it. If the API does not know such an id, it was not
/// the id of the job, and the outcome of the submission is unknown. It is attached to the video object, and lives as long as the object.
/// </summary>
internal static class VideoIdSource
{
    private static readonly ConditionalWeakTable<Video, string> s_sources = [];

    /// <summary>The place of the id in the response; null if the id is certain.</summary>
    public static string? Of(Video video) => s_sources.TryGetValue(video, out string? source) ? source : null;

    /// <summary>Attaches the place of its id to a video. Null changes nothing.</summary>
    public static void AttachTo(Video video, string? source)
    {
        if (source is not null)
        {
            s_sources.AddOrUpdate(video, source);
        }
    }
}
