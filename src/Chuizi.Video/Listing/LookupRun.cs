using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Listing;

/// <summary>What Get-ChuiziVideo does with ids: asks the API about many at once, and emits them in the order in which they were named.</summary>
internal sealed class LookupRun(VideoCmdlet cmdlet, IReadOnlyList<Video> videos, int throttleLimit)
{
    /// <summary>Starts the asking.</summary>
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
        if (video.Id is not { } id)
        {
            return () => cmdlet.Emit(video);
        }

        try
        {
            VideoState state = await client.GetAsync(id, token).ConfigureAwait(false);
            await cmdlet.RecordAsync(client, [(video, state)]).ConfigureAwait(false);
            return () =>
            {
                state.ApplyTo(video);
                cmdlet.Emit(video);
            };
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun)
        {
            return () =>
            {
                ErrorRecord error = ErrorRecords.From(exception, id);
                video.Problem = ErrorRecords.ProblemOf(error);
                cmdlet.Lose(tally => tally.Add(video));
                cmdlet.Errors.Write(error);
            };
        }
    }
}
