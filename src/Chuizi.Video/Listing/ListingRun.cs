using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;

namespace Chuizi.Video.Module.Listing;

/// <summary>What Get-ChuiziVideo does without ids: lists the ledger, the newest first. Nothing is asked of the API.</summary>
internal sealed class ListingRun(VideoCmdlet cmdlet, string? ledger)
{
    /// <summary>The most to list.</summary>
    public int First { get; init; } = int.MaxValue;

    /// <summary>The statuses to list; empty for all.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>The oldest to list, UTC; null for all.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Starts the reading.</summary>
    public void Start()
    {
        // Who is connected somewhere can do nothing with the videos of elsewhere.
        ApiConnection? connection = cmdlet.ClientIfConnected?.Connection;
        string? setting = Environment.GetEnvironmentVariable(LedgerLocation.Variable);
        IReadOnlyList<string> files = ledger is not null ? [LedgerChoice.Resolve(cmdlet, ledger)] : LedgerChoice.All(cmdlet);
        if (ledger is null && LedgerLocation.IsOff(setting))
        {
            cmdlet.WriteWarning($"The default ledger is switched off ({LedgerLocation.Variable}). Give -Ledger with the file of a run.");
        }
        else if (ledger is null && connection is { IsSandbox: true })
        {
            cmdlet.WriteWarning("What is made at the sandbox is not in the default ledger. Give -Ledger with the file of your run.");
        }

        cmdlet.StartWork(token =>
        {
            List(files, connection?.Origin, token);
            return Task.CompletedTask;
        });
    }

    private void List(IReadOnlyList<string> files, string? origin, CancellationToken token)
    {
        int listed = 0;
        List<string> elsewhere = [];
        foreach (string file in files.TakeWhile(_ => listed < First))
        {
            token.ThrowIfCancellationRequested();
            IReadOnlyList<(Video Video, string? Origin)> entries = LedgerListing.Read(file, out IReadOnlyList<string> damage);
            foreach (string line in damage)
            {
                cmdlet.Post(() => cmdlet.WriteWarning(line));
            }

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
            cmdlet.Post(() => cmdlet.WriteWarning($"Not shown: {videos} of {origins}. Connect there to see {them}."));
        }
    }

    private bool IsWanted(Video video) =>
        (Statuses.Count == 0 || Statuses.Contains(video.Status, StringComparer.OrdinalIgnoreCase))
        && (Since is not { } oldest || video.Created >= oldest);
}
