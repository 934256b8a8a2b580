using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Cmdlets;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Reviewing;

/// <summary>
/// One call of Set-ChuiziVideo: reads all decisions, and then records them, in each ledger all or none. The API is not asked. Use only on
/// the pipeline thread.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="ledger">The ledger that the user specified; null for the ledger of each video.</param>
/// <param name="given">The decisions on the command line, or nulls. They take precedence over those of an input.</param>
internal sealed class ReviewRun(VideoCmdlet cmdlet, string? ledger, Dictionary<string, object?> given)
{
    private const int MostErrors = 20;
    private const string Nothing = "Nothing was recorded.";

    private readonly Dictionary<string, object?> _given =
        given.Where(one => one.Value is not null).ToDictionary(one => one.Key, one => UnwrapPSObject.Shallow(one.Value));

    private readonly VideoLedger? _ledger = ledger is null ? null : VideoLedger.At(LedgerChoice.Use(cmdlet, ledger));
    private readonly List<ReviewedInput> _inputs = [];
    private readonly List<(int Number, string Id, string Message)> _refused = [];
    private readonly List<string> _recorded = [];

    /// <summary>Checks the values on the command line before any input.</summary>
    public void Begin()
    {
        try
        {
            _ = _given.Count > 0 ? ReviewReader.Read("", null, new Dictionary<string, object?>(), _given) : null;
        }
        catch (FormatException exception)
        {
            cmdlet.ThrowTerminatingError(
                ErrorRecords.Make("InvalidInput", ErrorCategory.InvalidArgument, null, $"-{exception.Message}", cause: exception));
        }
    }

    /// <summary>Adds an input.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="video">The video.</param>
    /// <param name="input">The piped object, which may have the decision; null for an id on the command line.</param>
    public void Add(int number, Video video, PSObject? input)
    {
        bool isVideo = input is not null && VideoArgument.IsVideo(input);
        try
        {
            // The properties of a video are its state, which may be older than the ledger. They are not a decision.
            Dictionary<string, object?> columns = new(StringComparer.OrdinalIgnoreCase);
            foreach (DictionaryEntry column in RecordedColumns.Of(isVideo ? null : input))
            {
                columns[(string)column.Key] = column.Value;
            }

            string id = video.Id ?? throw new FormatException($"The video has no id (status {video.Status}).");
            LedgerRecord decision = ReviewReader.Read(id, video.Origin, columns, _given);
            VideoLedger? found = _ledger ?? VideoRecorder.LedgerOf(video);
            if (found?.Path is null)
            {
                Refuse(number, "VideoNotFound", $"No ledger of this machine is known to have the video {id}. Specify -Ledger.");
            }
            else
            {
                _inputs.Add(new(found, decision, video, IsBareId: _ledger is not null && !isVideo));
            }
        }
        catch (FormatException exception)
        {
            Refuse(number, "InvalidInput", exception.Message);
        }
    }

    /// <summary>Adds an input that cannot be used, so that nothing will be recorded.</summary>
    public void Refuse(int number, string id, string message) => _refused.Add((number, id, message));

    /// <summary>Records the decisions.</summary>
    /// <param name="passesThru">Whether the videos are emitted.</param>
    public void Complete(bool passesThru)
    {
        if (_refused.Count > 0)
        {
            WriteRefused();
            return;
        }

        try
        {
            // All ledgers are checked before the first one is written.
            IGrouping<VideoLedger, ReviewedInput>[] groups = [.. _inputs.GroupBy(input => input.Ledger)];
            int[] counts =
            [
                .. groups.Select(group =>
                    cmdlet.Await(token => ReviewRecorder.CheckAsync(group.Key, Decisions(group)).WaitAsync(token))),
            ];
            foreach ((IGrouping<VideoLedger, ReviewedInput> group, int count) in groups.Zip(counts).ToArray())
            {
                string what = count == 1
                    ? $"the decision about the video {group.First().Video.Id}"
                    : string.Create(CultureInfo.InvariantCulture, $"the decisions about {count:N0} videos");
                if (cmdlet.ShouldProcess(group.Key.Path!, $"Record {what}"))
                {
                    Record(group, passesThru);
                }
            }
        }
        catch (FormatException exception)
        {
            Fail(ErrorRecords.Make("InvalidInput", ErrorCategory.InvalidData, null, $"{exception.Message} {Nothing}", cause: exception));
        }
        catch (ChuiziException exception)
        {
            Fail(ErrorRecords.From(exception));
        }
    }

    /// <summary>Writes the error of a ledger. It may say that nothing was recorded, which is not true of the ledgers before it.</summary>
    private void Fail(ErrorRecord error)
    {
        if (_recorded.Count > 0)
        {
            string message = error.ErrorDetails.Message.Replace(Nothing, "", StringComparison.Ordinal).TrimEnd();
            string ledgers = string.Join(", ", _recorded.Select(path => $"'{path}'"));
            error.ErrorDetails = new ErrorDetails($"{message} Only the decisions in {ledgers} were recorded.")
            {
                RecommendedAction = error.ErrorDetails.RecommendedAction,
            };
        }

        cmdlet.Errors.Write(error);
    }

    private void Record(IGrouping<VideoLedger, ReviewedInput> group, bool passesThru)
    {
        (int recorded, IReadOnlyList<Video> videos) =
            cmdlet.Await(token => ReviewRecorder.RecordAsync(group.Key, Decisions(group), DateTime.UtcNow).WaitAsync(token));
        _recorded.Add(group.Key.Path!);
        cmdlet.WriteVerbose(string.Create(
            CultureInfo.InvariantCulture,
            $"{group.Key.Path}: {recorded:N0} decisions were recorded; {videos.Count - recorded:N0} were there before."));
        // The ledger has the prompts and the other inputs, which the book of a running ledger does not keep.
        ILookup<(string?, string?), Video>? listed = passesThru && group.Any(input => input.IsBareId)
            ? cmdlet.Await(token => Task.Run(() => LedgerListing.Read(group.Key.Path!, out _), CancellationToken.None).WaitAsync(token))
                .ToLookup(entry => (entry.Origin, entry.Video.Id), entry => entry.Video)
            : null;
        foreach ((ReviewedInput input, Video now) in group.Zip(videos))
        {
            (input.Video.Verdict, input.Video.Rating, input.Video.Note) = (now.Verdict, now.Rating, now.Note);
            if (passesThru)
            {
                cmdlet.Outlet.Pass(!input.IsBareId ? input.Video : listed![(now.Origin, now.Id)].FirstOrDefault() ?? now);
            }
        }
    }

    private static LedgerRecord[] Decisions(IEnumerable<ReviewedInput> inputs) => [.. inputs.Select(input => input.Decision)];

    private void WriteRefused()
    {
        foreach ((int number, string id, string message) in _refused.Take(MostErrors))
        {
            Write(number, id, string.Create(CultureInfo.InvariantCulture, $"Input {number}: {message} {Nothing}"));
        }

        if (_refused.Count > MostErrors)
        {
            string rest = RowRanges.Describe(_refused.Skip(MostErrors).Select(one => one.Number));
            Write(null, "InvalidInput", $"{_refused.Count - MostErrors} more inputs are not valid: {rest}. {Nothing}");
        }

        void Write(int? number, string id, string message) =>
            cmdlet.Errors.Write(ErrorRecords.Make(id, ErrorCategory.InvalidData, number, message));
    }

    /// <param name="Ledger">The ledger to write.</param>
    /// <param name="Decision">The line to write.</param>
    /// <param name="Video">The video.</param>
    /// <param name="IsBareId">Whether only the id of the video is known here.</param>
    private sealed record ReviewedInput(VideoLedger Ledger, LedgerRecord Decision, Video Video, bool IsBareId);
}
