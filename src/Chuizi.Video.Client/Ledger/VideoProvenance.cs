using System.Runtime.CompilerServices;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// Where a video of this process came from: what its properties cannot hold, since they are plain data that survives a job or a file.
/// It is kept beside the video, for as long as the video itself lives.
/// </summary>
/// <param name="Request">The request as it was checked: images by content, values by type.</param>
/// <param name="OpenLedger">The ledger of the run that submitted it, which may be one in memory.</param>
internal sealed record VideoProvenance(VideoRequest Request, VideoLedger OpenLedger)
{
    private static readonly ConditionalWeakTable<Video, VideoProvenance> s_known = [];

    /// <summary>Where a video came from; null for one of another process, of a ledger or of a bare id.</summary>
    public static VideoProvenance? Of(Video video) => s_known.TryGetValue(video, out VideoProvenance? known) ? known : null;

    /// <summary>Notes that a video came from here.</summary>
    public void AttachTo(Video video) => s_known.AddOrUpdate(video, this);
}
