using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Session;

namespace Chuizi.Video.Module.Listing;

/// <summary>One call of Get-ChuiziVideo without ids: lists the ledger, newest first. No request is sent to the API.</summary>
internal sealed class ListingRun(VideoCmdlet cmdlet, string? ledger)
{
    /// <summary>The maximum number of videos to list.</summary>
    public int First { get; init; } = int.MaxValue;

    /// <summary>The statuses to list; empty for all.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>The earliest submission time, UTC; null for all.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Lists every ledger that submissions of this machine were recorded in, and the videos of all API addresses.</summary>
    public bool All { get; init; }

    /// <summary>Starts reading.</summary>
    public void Start()
    {
        if (All)
        {
            IReadOnlyList<string> all =
                [.. LedgerChoice.All(cmdlet).Concat(LedgerChoice.KnownLedgers.Existing).Concat(ModuleSession.Current.Ledgers)];
            cmdlet.StartWork(token =>
            {
                ListAll(all.Distinct().Where(File.Exists), token);
                return Task.CompletedTask;
            });
            return;
        }

        // Videos of another API address are of no use on this connection, so they are not listed.
        ApiConnection? connection = cmdlet.ClientIfConnected?.Connection;
        string? setting = Environment.GetEnvironmentVariable(LedgerLocation.Variable);
        IReadOnlyList<string> files = ledger is not null ? [LedgerChoice.Resolve(cmdlet, ledger)] : LedgerChoice.All(cmdlet);
        if (ledger is null && LedgerLocation.IsOff(setting))
        {
            cmdlet.WriteWarning($"The default ledger is turned off ({LedgerLocation.Variable}). Specify -Ledger.");
        }
        else if (ledger is null && connection is { IsSandbox: true })
        {
            cmdlet.WriteWarning("Videos from the sandbox are not recorded in the default ledger. Specify -Ledger.");
        }

        cmdlet.StartWork(token =>
        {
            List(files, connection?.Origin, token);
            return Task.CompletedTask;
        });
    }

    private void ListAll(IEnumerable<string> files, CancellationToken token)
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
        IEnumerable<Video> videos = found
            .OrderByDescending(video => video.Created)
            .DistinctBy(video => video.Id is null ? (object)video : (video.Origin, video.Id));
        foreach (Video video in videos.Take(First))
        {
            cmdlet.Post(() => cmdlet.Outlet.Pass(video));
        }
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

    private void List(IReadOnlyList<string> files, string? origin, CancellationToken token)
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
                    cmdlet.Post(() => cmdlet.Outlet.Pass(video));
                }
            }

            if (Since is { } oldest && entries.Count > 0 && entries[^1].Video.Created < oldest)
            {
                break;
            }
        }

        if (elsewhere.Count > 0)
        {
            (string videos, string them) = elsewhere.Count == 1 ? ("1 video", "it") : ($"{elsewhere.Count} videos", "them");
            string origins = string.Join(", ", elsewhere.Distinct());
            cmdlet.Post(() => cmdlet.WriteWarning($"Not shown: {videos} from {origins}. Connect to that API to see {them}."));
        }
    }

    private bool IsWanted(Video video) =>
        (Statuses.Count == 0 || Statuses.Contains(video.Status, StringComparer.OrdinalIgnoreCase))
        && (Since is not { } oldest || video.Created >= oldest);
}
