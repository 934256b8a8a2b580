using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Completion;
using Chuizi.Video.Module.Input;
using Chuizi.Video.Module.Listing;

namespace Chuizi.Video.Module.Commands;

/// <summary>Gets the current status of videos from the API. Without an id, lists the videos in the ledger.</summary>
[Cmdlet(VerbsCommon.Get, "ChuiziVideo", DefaultParameterSetName = "Ledger", HelpUri = HelpPages.Folder + "Get-ChuiziVideo.md")]
[OutputType(typeof(Video))]
public sealed class GetChuiziVideoCommand : VideoInputCmdlet
{
    private readonly List<Video> _videos = [];
    private readonly HashSet<Video> _found = [];
    private readonly Dictionary<string, WildcardPattern[]> _tags = new(StringComparer.OrdinalIgnoreCase);
    private WildcardPattern[] _models = [];

    /// <summary>The maximum number of concurrent requests.</summary>
    [Parameter(ParameterSetName = "Id")]
    [Parameter(ParameterSetName = "Input")]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 16;

    /// <summary>
    /// The ledger to list, with the videos of all API addresses. If omitted, the default monthly ledgers. With ids, the ledger that knows
    /// them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LedgerPathCompleter))]
    public string? Ledger { get; set; }

    /// <summary>
    /// Gives access to a ledger whose URL has no signature: a token as a SecureString, or a script block that returns one, such as
    /// <c>{ Get-AzAccessToken -ResourceUrl https://storage.azure.com/ }</c>. The script block runs again before a token expires.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public object? LedgerCredential { get; set; }

    /// <summary>Lists the videos of every ledger that was used on this machine, and of all API addresses.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public SwitchParameter All { get; set; }

    /// <summary>The maximum number of videos to list; the newest come first.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; } = int.MaxValue;

    /// <summary>Lists only videos with one of these statuses in the ledger.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateSet(VideoStatus.Processing, VideoStatus.Succeeded, VideoStatus.Failed, VideoStatus.Unknown, VideoStatus.Skipped)]
    public string[] Status { get; set; } = [];

    /// <summary>Lists only videos of these models: names with or without the provider, with wildcards.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CatalogueCompleter))]
    public string[] Model { get; set; } = [];

    /// <summary>Lists only videos with one of these verdicts; None for those without a decision.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateSet(VideoVerdict.Kept, VideoVerdict.Rejected, VideoVerdict.None)]
    public string[] Verdict { get; set; } = [];

    /// <summary>
    /// Lists only videos whose row has all of these columns or tags with these values, with wildcards. Several values of one are
    /// alternatives.
    /// </summary>
    [Parameter(ParameterSetName = "Ledger")]
    [ValidateNotNull]
    [SupportsWildcards]
    public IDictionary Tag { get; set; } = new Hashtable();

    /// <summary>Lists only videos submitted at or after this time.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    [Alias("Since")]
    public DateTime After { get; set; }

    /// <summary>Lists only videos submitted before this time.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public DateTime Before { get; set; }

    /// <summary>Gets the current status of the listed videos that are in progress from the API.</summary>
    [Parameter(ParameterSetName = "Ledger")]
    public SwitchParameter Refresh { get; set; }

    internal override void BeginVideos()
    {
        if (Ledger is not null)
        {
            // Remembered, so that ids are looked for there.
            LedgerChoice.Use(this, Ledger);
        }

        _models = Patterns(Model);
        foreach (DictionaryEntry tag in (IDictionary)UnwrapPSObject.Of(Tag)!)
        {
            _tags[TextOf(tag.Key)] = Patterns(tag.Value is IList several ? [.. several.Cast<object?>()] : [tag.Value]);
        }
    }

    /// <summary>Finds the videos whose prompt or file name contains a text that is not the id of a known video.</summary>
    internal override bool TakeText(object? id)
    {
        if (UnwrapPSObject.Of(id) is not string text || string.IsNullOrWhiteSpace(text) || Known.Has(text.Trim()))
        {
            return false;
        }

        Video[] found = [.. Known.Search(text.Trim())];
        _found.UnionWith(found);
        _videos.AddRange(found);
        return found.Length > 0;
    }

    internal override void ProcessVideo(Video video) => _videos.Add(video);

    internal override void EndVideos()
    {
        // An empty pipeline must not list the ledger.
        if (ParameterSetName == "Ledger" && !MyInvocation.ExpectingInput)
        {
            ListingRun run = new(this, Ledger)
            {
                First = First,
                All = All,
                IsWanted = IsWanted,
                After = After == default ? null : After.ToUniversalTime(),
                Refreshes = Refresh,
            };
            run.Start();
        }
        else if (_videos.Count > 0)
        {
            new LookupRun(this, _videos, ThrottleLimit) { Asks = video => !_found.Contains(video) }.Start();
        }
    }

    private bool IsWanted(Video video) =>
        (Status.Length == 0 || Status.Contains(video.Status, StringComparer.OrdinalIgnoreCase))
        && (Verdict.Length == 0 || Verdict.Contains(video.Verdict ?? VideoVerdict.None, StringComparer.OrdinalIgnoreCase))
        && (After == default || video.Created >= After.ToUniversalTime())
        && (Before == default || video.Created < Before.ToUniversalTime())
        && (_models.Length == 0
            || (video.Model is { } model && (Matches(_models, model) || Matches(_models, DisplayText.ShortModel(model)))))
        && _tags.All(tag => video.Input is Dictionary<string, object?> columns
            && columns.TryGetValue(tag.Key, out object? value)
            && Matches(tag.Value, TextOf(value)));

    private static WildcardPattern[] Patterns(IEnumerable<object?> values) =>
        [.. values.Select(value => WildcardPattern.Get(TextOf(value), WildcardOptions.IgnoreCase))];

    private static bool Matches(WildcardPattern[] patterns, string value) => Array.Exists(patterns, pattern => pattern.IsMatch(value));

    private static string TextOf(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
