using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Listing;

/// <summary>One call of Get-ChuiziVideo without ids: lists the ledger, newest first. Only -Refresh asks the API.</summary>
internal sealed class ListingRun(VideoCmdlet cmdlet, string? ledger)
{
    /// <summary>The maximum number of videos to list.</summary>
    public int First { get; init; } = int.MaxValue;

    /// <summary>Whether a video is listed.</summary>
    public required Func<Video, bool> IsWanted { get; init; }

    /// <summary>The earliest submission time of a listed video, UTC; null for all. Older default ledgers are not read.</summary>
    public DateTime? After { get; init; }

    /// <summary>Lists every ledger that submissions of this machine were recorded in, and the videos of all API addresses.</summary>
    public bool All { get; init; }

    /// <summary>Asks the API for the videos that are in progress.</summary>
    public bool Refreshes { get; init; }

    /// <summary>Starts reading.</summary>
    public void Start()
    {
        // Videos of another API address are of no use on this connection, so the default ledger is listed without them.
        ApiConnection? connection = cmdlet.ClientIfConnected?.Connection;
        Func<CancellationToken, IEnumerable<Video>> find;
        if (All)
        {
            IReadOnlyList<string> all = LedgerChoice.Everywhere(cmdlet);
            find = token => FindAll(all, token);
        }
        else if (ledger is not null)
        {
            string file = LedgerChoice.Use(cmdlet, ledger);
            find = token => Find([file], null, token);
        }
        else
        {
            IReadOnlyList<string> files = LedgerChoice.ListedOrWarn(cmdlet, connection);
            find = token => Find(files, connection?.Origin, token);
        }

        if (Refreshes)
        {
            ApiConnection asked = cmdlet.Client.Connection;
            List<Video> found = [];
            try
            {
                found = cmdlet.Await(token => Task.FromResult(find(token).ToList()));
            }
            catch (ChuiziException exception)
            {
                cmdlet.Errors.Terminate(ErrorRecords.From(exception));
            }

            new LookupRun(cmdlet, found, throttleLimit: 16)
            {
                Asks = video => video.Status == VideoStatus.Processing && (video.Origin is null || video.Origin == asked.Origin),
            }.Start();
            return;
        }

        cmdlet.StartWork(token =>
        {
            foreach (Video video in find(token))
            {
                cmdlet.Post(() => cmdlet.Outlet.Pass(video));
            }

            return Task.CompletedTask;
        });
    }

    private IEnumerable<Video> FindAll(IEnumerable<string> files, CancellationToken token)
    {
        List<Video> found = [];
        foreach (string file in files)
        {
            token.ThrowIfCancellationRequested();
            try
            {
                found.AddRange(Read(file).Select(entry => entry.Video).Where(IsWanted));
            }
            catch (ChuiziException exception)
            {
                // One ledger that cannot be read must not hide the others.
                cmdlet.Post(() => cmdlet.Errors.Write(ErrorRecords.From(exception)));
            }
        }

        // A job may be in several ledgers, for example in a copy.
        return found
            .OrderByDescending(video => video.Created)
            .DistinctBy(video => video.Id is null ? (object)video : (video.Origin, video.Id))
            .Take(First);
    }

    private IReadOnlyList<(Video Video, string? Origin)> Read(string file)
    {
        IReadOnlyList<(Video Video, string? Origin)> entries = LedgerListing.Read(file, out IReadOnlyList<string> damage);
        foreach (string line in damage)
        {
            cmdlet.Post(() => cmdlet.WriteWarning(line));
        }

        return entries;
    }

    /// <summary>Lists files, newest first.</summary>
    /// <param name="files">The files.</param>
    /// <param name="origin">The only origin to list; null for all.</param>
    /// <param name="token">Stops reading.</param>
    private IEnumerable<Video> Find(IReadOnlyList<string> files, string? origin, CancellationToken token)
    {
        int listed = 0;
        List<string> elsewhere = [];
        foreach (string file in files.TakeWhile(_ => listed < First))
        {
            token.ThrowIfCancellationRequested();
            IReadOnlyList<(Video Video, string? Origin)> entries = Read(file);
            foreach ((Video video, string? where) in entries.Where(entry => IsWanted(entry.Video)))
            {
                if (origin is not null && where is not null && where != origin)
                {
                    elsewhere.Add(where);
                }
                else if (listed++ < First)
                {
                    yield return video;
                }
            }

            if (After is { } oldest && entries.Count > 0 && entries[^1].Video.Created < oldest)
            {
                break;
            }
        }

        if (elsewhere.Count > 0)
        {
            (string videos, string them) = elsewhere.Count == 1 ? ("1 video", "it") : ($"{elsewhere.Count} videos", "them");
            string origins = string.Join(", ", elsewhere.Distinct());
            cmdlet.Post(() => cmdlet.WriteWarning($"Not shown: {videos} from {origins}. To see {them}, use -All or connect to that API."));
        }
    }
}
