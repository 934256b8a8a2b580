using System.Runtime.CompilerServices;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Where a video of this process came from. Its properties cannot hold this, because they are plain data that survives jobs and files. It
/// is attached to the video object in a table of the process, and lives as long as the object.
/// </summary>
/// <param name="Request">
/// The validated request: images by content, values by type. Null if it has nothing that the video does not have, because a long list would
/// keep it for every video.
/// </param>
/// <param name="OpenLedger">The ledger of the run that submitted it, which may be one in memory.</param>
internal sealed record VideoProvenance(VideoRequest? Request, VideoLedger OpenLedger)
{
    /// <summary>The row of the ledger that a run elsewhere has claimed; null if it is this process's own.</summary>
    public ClaimedRow? Claimed { get; init; }

    private static readonly ConditionalWeakTable<Video, VideoProvenance> s_known = [];

    /// <summary>Where a video came from; null for a video from another process, from a ledger or from a bare id.</summary>
    public static VideoProvenance? Of(Video video) => s_known.TryGetValue(video, out VideoProvenance? known) ? known : null;

    /// <summary>Attaches this to a video.</summary>
    public void AttachTo(Video video) => s_known.AddOrUpdate(video, this);
}
