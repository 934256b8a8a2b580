using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>
/// The recent videos in the ledgers of this machine, of a sandbox and in the blob given with -Ledger, read once for a call and within a
/// limited time: they complete a video of which only the id is known.
/// </summary>
internal sealed class KnownVideos
{
    /// <summary>Reading stops after this time, because a ledger may be on a slow network share.</summary>
    private static readonly TimeSpan s_longestRead = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<Video> _videos;
    private readonly ILookup<string, Video> _byId;

    private KnownVideos(IReadOnlyList<Video> videos)
    {
        _videos = videos;
        _byId = videos.ToLookup(video => video.Id!, StringComparer.Ordinal);
    }

    /// <summary>Reads the ledgers.</summary>
    /// <param name="cmdlet">The cmdlet that reads.</param>
    /// <param name="connection">The connection whose videos count; null for all.</param>
    public static KnownVideos Read(PSCmdlet cmdlet, ApiConnection? connection)
    {
        IReadOnlyList<string> files = LedgerChoice.ForLookup(cmdlet, connection);
        return new KnownVideos(files.Count == 0 ? [] : RecentVideos.Read(files, connection?.Origin, int.MaxValue, s_longestRead));
    }

    /// <summary>Whether an id is known.</summary>
    public bool Has(string id) => _byId.Contains(id);

    /// <summary>
    /// What the ledgers know of a video of which only the id is known, and of its row. The video itself if they do not know it, or know
    /// several with this id.
    /// </summary>
    public Video Complete(Video video)
    {
        if (_byId[video.Id!].ToArray() is not [{ } known])
        {
            return video;
        }

        known.Input = video.Input ?? known.Input;
        // Only a result is final. The API may know by now what the ledger does not.
        known.Status = known.Status is VideoStatus.Succeeded or VideoStatus.Failed ? known.Status : VideoStatus.Processing;
        try
        {
            if (video.Input is not null && RowReader.FileNameOf(PSObject.AsPSObject(video.Input))?.ToString() is { Length: > 0 } name)
            {
                known.FileName = name.Replace('/', '_');
            }
        }
        catch (FormatException)
        {
            // Save-ChuiziVideo reports it, for this video.
            known.FileName = null;
        }

        return known;
    }

    /// <summary>The videos whose prompt or file name contains a text, regardless of case.</summary>
    public IEnumerable<Video> Search(string text) => _videos.Where(video =>
        video.Prompt?.Contains(text, StringComparison.CurrentCultureIgnoreCase) == true
        || video.FileName?.Contains(text, StringComparison.CurrentCultureIgnoreCase) == true
        || Path.GetFileName(video.Path)?.Contains(text, StringComparison.CurrentCultureIgnoreCase) == true);
}
