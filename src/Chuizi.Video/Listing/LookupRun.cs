using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Listing;

/// <summary>One call of Get-ChuiziVideo that asks the API: looks up many videos at once and emits them in the order given.</summary>
internal sealed class LookupRun(VideoCmdlet cmdlet, IReadOnlyList<Video> videos, int throttleLimit)
{
    /// <summary>Whether the API is asked for a video; the others are emitted as they are.</summary>
    public Func<Video, bool> Asks { get; init; } = _ => true;

    /// <summary>Starts the requests.</summary>
    public void Start()
    {
        ChuiziClient client = cmdlet.Client;
        Resequencer order = new();
        cmdlet.StartWork(token => Parallel.ForEachAsync(
            Enumerable.Range(0, videos.Count),
            new ParallelOptions { MaxDegreeOfParallelism = throttleLimit, CancellationToken = token },
            async (place, inner) =>
            {
                Action write = await AskAsync(client, videos[place], inner).ConfigureAwait(false);
                cmdlet.Post(() => order.Add(place, write));
            }));
    }

    private async Task<Action> AskAsync(ChuiziClient client, Video video, CancellationToken token)
    {
        if (video.Id is not { } id || !Asks(video))
        {
            return () => cmdlet.Outlet.Pass(video);
        }

        try
        {
            VideoState state = await client.GetAsync(id, token).ConfigureAwait(false);
            await cmdlet.RecordAsync(client, [(video, state)]).ConfigureAwait(false);
            return () =>
            {
                VideoOutlet.Update(video, state);
                cmdlet.Outlet.Pass(video);
            };
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun)
        {
            // Of a bare id there is nothing to emit. A video that the ledger or the pipeline knows is not lost.
            return () => cmdlet.Outlet.Fail(video, ErrorRecords.From(exception, id));
        }
    }
}
