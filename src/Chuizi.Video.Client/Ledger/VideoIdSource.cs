using System.Runtime.CompilerServices;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The videos whose id was not where the contract puts it. If the API does not know such an id, it was not the id of the job, and the
/// outcome of the submission is unknown.
/// </summary>
internal static class VideoIdSource
{
    private static readonly ConditionalWeakTable<Video, string> s_sources = [];

    /// <summary>The place of the id in the response; null if the id is certain.</summary>
    public static string? SourceOf(Video video) => s_sources.TryGetValue(video, out string? source) ? source : null;

    /// <summary>Marks the id of a video as uncertain, unless <paramref name="source"/> is null.</summary>
    public static void Mark(Video video, string? source)
    {
        if (source is not null)
        {
            s_sources.AddOrUpdate(video, source);
        }
    }
}
