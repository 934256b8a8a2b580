using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Listing;

/// <summary>One call of Measure-ChuiziVideo: adds up piped videos or ledgers. The API is not asked.</summary>
internal sealed class SpendingRun
{
    private static readonly string[] s_figures = ["Count", "Kept", "Cost", "CostPerKept"];

    private readonly VideoCmdlet _cmdlet;
    private readonly string[] _by;
    private readonly SpendingReport _report;
    private int _number;

    /// <summary>Prepares the groups.</summary>
    public SpendingRun(VideoCmdlet cmdlet, string[] by, DateTime? after, DateTime? before)
    {
        _cmdlet = cmdlet;
        _by = [.. by.Select(name => Array.Find([.. SpendingReport.Keys], key => Is(key, name)) ?? name.Trim())
            .Distinct(StringComparer.OrdinalIgnoreCase)];
        _report = new SpendingReport(_by, after, before);
    }

    /// <summary>Adds an input. Use only on the pipeline thread, because its columns may be script properties.</summary>
    public void Add(PSObject? input)
    {
        _number++;
        if (input is not null && VideoArgument.IsVideo(input))
        {
            Video video = VideoArgument.Read(input);
            _cmdlet.Outlet.Receive(video);
            Add(video);
            return;
        }

        string what = input is null ? "Expected a video, but got null." : $"This {input.BaseObject.GetType().Name} is not a video.";
        _cmdlet.Errors.Write(ErrorRecords.Make(
            "NoVideo",
            ErrorCategory.InvalidArgument,
            VideoArgument.HoldsKey(input) ? null : input,
            string.Create(CultureInfo.InvariantCulture, $"Input {_number}: {what}"),
            "Pipe videos from New-, Wait-, Save- or Get-ChuiziVideo, or specify -Ledger."));
    }

    /// <summary>Adds up what the default ledgers record of the connected API address.</summary>
    public void StartDefault()
    {
        ApiConnection? connection = _cmdlet.ClientIfConnected?.Connection;
        Start(LedgerChoice.ListedOrWarn(_cmdlet, connection), [], connection?.Origin);
    }

    /// <summary>Adds up every ledger that was used on this machine.</summary>
    public void StartEverywhere() => Start(LedgerChoice.Everywhere(_cmdlet), []);

    /// <summary>Adds up ledgers, whose paths may have wildcards.</summary>
    public void Start(string[] ledgers)
    {
        IReadOnlyList<string> files = LedgerChoice.UseAll(_cmdlet, ledgers, out HashSet<string> named);
        Start(files, named);
    }

    /// <summary>Emits the groups.</summary>
    public void Complete()
    {
        void Warn(string text) => _cmdlet.Post(() => _cmdlet.WriteWarning(text));
        foreach ((IReadOnlyList<string?> keys, VideoSpending spending) in _report.Total(Warn))
        {
            PSObject group = Show(keys, spending);
            _cmdlet.Post(() => _cmdlet.WriteObject(group));
        }
    }

    private static bool Is(string name, string other) => name.Equals(other.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts reading on the thread pool.</summary>
    /// <param name="files">The ledgers.</param>
    /// <param name="named">Those that the user named: a total without one of them would be wrong.</param>
    /// <param name="origin">The only origin to count; null for all.</param>
    private void Start(IReadOnlyList<string> files, HashSet<string> named, string? origin = null) => _cmdlet.StartWork(token =>
    {
        List<string> elsewhere = [];
        IEnumerable<Video> submissions = LedgerListing.ReadSubmissions(
            files, _report.Keep, damage => _cmdlet.Post(() => _cmdlet.WriteWarning(damage)), Skip, token);
        foreach (Video video in submissions)
        {
            token.ThrowIfCancellationRequested();
            if (origin is null || video.Origin is null || video.Origin == origin)
            {
                Add(video);
            }
            else
            {
                elsewhere.Add(video.Origin);
            }
        }

        if (elsewhere.Count > 0)
        {
            (string count, string them) = elsewhere.Count == 1 ? ("1 submission", "it") : ($"{elsewhere.Count} submissions", "them");
            string origins = string.Join(", ", elsewhere.Distinct());
            _cmdlet.Post(() => _cmdlet.WriteWarning(
                $"Not counted: {count} to {origins}. To count {them}, use -All or connect to that API."));
        }

        Complete();
        return Task.CompletedTask;

        void Skip(string file, ChuiziException exception)
        {
            if (named.Contains(file))
            {
                throw exception;
            }

            _cmdlet.Post(() => _cmdlet.Errors.Write(ErrorRecords.From(exception)));
        }
    });

    private void Add(Video video) => _report.Add(
        video,
        !_report.NeedsColumns ? new Hashtable() : video.Input as Dictionary<string, object?> ?? RecordedColumns.Of(video.Input));

    /// <summary>The figures of a group with its keys as properties. Format-Table shows those first, then the most useful figures.</summary>
    private PSObject Show(IReadOnlyList<string?> keys, VideoSpending spending)
    {
        PSObject group = new(spending);
        if (_by.Length > 0)
        {
            group.TypeNames.Clear();
            group.TypeNames.Add(SpendingReportTable.GroupType);
            foreach ((string name, string? key) in _by.Zip(keys))
            {
                group.Properties.Add(new PSNoteProperty(name, key));
            }

            PSPropertySet shown = new("DefaultDisplayPropertySet", _by.Concat(s_figures));
            group.Members.Add(new PSMemberSet("PSStandardMembers", [shown]));
        }

        return group;
    }
}
