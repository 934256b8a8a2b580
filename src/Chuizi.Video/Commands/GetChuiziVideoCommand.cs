using System.Management.Automation;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Client.Videos;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Pipeline;

namespace Chuizi.Video.Module.Commands;

/// <summary>Asks the API where videos stand: many at once, emitted in the order in which they were named.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideo", DefaultParameterSetName = "Id")]
[OutputType(typeof(Video))]
public sealed class GetChuiziVideoCommand : VideoInputCmdlet
{
    private readonly List<Video> _videos = [];

    /// <summary>The most requests under way at once.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    internal override void ProcessVideo(Video video) => _videos.Add(video);

    internal override void EndVideos()
    {
        if (_videos.Count == 0)
        {
            return;
        }

        ChuiziClient client = Client;
        StartWork(token => AskAsync(client, token));
    }

    private Task AskAsync(ChuiziClient client, CancellationToken token)
    {
        InOrder order = new();
        return Parallel.ForEachAsync(
            Enumerable.Range(0, _videos.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = token },
            async (place, inner) =>
            {
                Action write = await AskAsync(client, _videos[place], inner).ConfigureAwait(false);
                Post(() => order.Add(place, write));
            });
    }

    private async Task<Action> AskAsync(ChuiziClient client, Video video, CancellationToken token)
    {
        if (video.Id is not { } id)
        {
            return () => Emit(video);
        }

        try
        {
            VideoState state = await client.GetAsync(id, token).ConfigureAwait(false);
            return () =>
            {
                state.ApplyTo(video);
                Emit(video);
            };
        }
        catch (ChuiziException exception) when (!exception.EndsTheRun)
        {
            return () => Errors.Write(ErrorRecords.From(exception, id));
        }
    }
}
