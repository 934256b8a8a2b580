using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Http;
using Chuizi.Video.Client.Validation;
using Chuizi.Video.Client.Videos;
using Chuizi.Video.Module.Errors;
using Chuizi.Video.Module.Transformation;

namespace Chuizi.Video.Module.Pipeline;

/// <summary>What one call of New-ChuiziVideo does: read all rows, check all, ask, send.</summary>
/// <param name="cmdlet">The cmdlet that writes.</param>
/// <param name="bound">The bound parameters: the Input of a video that came from no row.</param>
internal sealed class SubmissionRun(VideoCmdlet cmdlet, Hashtable bound)
{
    private const int MostRowsTold = 20;

    private readonly RequestBuilder _builder = new(path => FilePaths.Resolve(cmdlet, path));
    private List<Entry> _entries = [];
    private BatchSubmitter? _submitter;
    private int _rows;
    private int _refused;

    /// <summary>Reads and checks one row, or the command line where nothing is piped.</summary>
    public void Add(RowReader reader, PSObject? input, bool isRow)
    {
        int? row = isRow ? ++_rows : null;
        try
        {
            if (_builder.Build(reader.Read(input, row)) is { } request)
            {
                // A custom object is its wrapping; anything else is kept without.
                object? origin = !isRow ? bound : input?.BaseObject is PSCustomObject ? input : input?.BaseObject;
                _entries.Add(new Entry(row, request, request.ToVideo(origin)));
            }
        }
        catch (FormatException exception)
        {
            _builder.Fail(row, exception.Message);
        }

        foreach (string miss in input is null ? [] : reader.NearMisses(input))
        {
            cmdlet.WriteWarning(miss);
        }
    }

    /// <summary>Says what is wrong with the rows; true where they may be sent.</summary>
    public bool Check(bool rowsExpected)
    {
        foreach (string warning in Finding.Summarise(_builder.Warnings))
        {
            cmdlet.WriteWarning(warning);
        }

        if (_rows == 0 && rowsExpected)
        {
            cmdlet.Errors.Write(ErrorRecords.Make(
                "NoInput", ErrorCategory.InvalidData, null, "The list is empty: no row came, and nothing is sent.", "Check what is piped in."));
            return false;
        }

        IGrouping<int?, Finding>[] bad = [.. _builder.Errors.GroupBy(finding => finding.Row)];
        foreach (IGrouping<int?, Finding> row in bad.Take(MostRowsTold))
        {
            string where = row.Key is { } number ? string.Create(CultureInfo.InvariantCulture, $"Row {number}: ") : "";
            Refuse(row.Key, where + string.Join(" ", row.Select(finding => finding.Message)));
        }

        if (bad.Length > MostRowsTold)
        {
            Refuse(null, $"{bad.Length - MostRowsTold} more rows are bad: {RowRanges.Describe(bad.Skip(MostRowsTold).Select(row => row.Key).OfType<int>())}.");
        }

        return bad.Length == 0;

        void Refuse(int? row, string message) =>
            cmdlet.Errors.Write(ErrorRecords.Make("InvalidInput", ErrorCategory.InvalidData, row, $"{message} Nothing is sent."));
    }

    /// <summary>Asks ShouldProcess for all, before anything is sent; true where something is left.</summary>
    public bool Confirm()
    {
        _entries = [.. _entries.Where(entry => cmdlet.ShouldProcess(Describe(entry), "Submit video (billed)"))];
        return _entries.Count > 0;
    }

    /// <summary>Sends all and emits each video as soon as the API has taken it and those before it.</summary>
    public void Submit(ChuiziClient client, int throttleLimit)
    {
        BatchSubmitter submitter = new(client, throttleLimit);
        _submitter = submitter;
        InOrder order = new();
        cmdlet.StartWork(token => submitter.RunAsync([.. _entries.Select(entry => entry.Request)], outcome => cmdlet.Post(() => order.Add(outcome.Index, () => Emit(outcome))), token));
        cmdlet.FinishWork();
        order.Flush();
        if (submitter.End is { } end)
        {
            cmdlet.Errors.Terminate(EndRecord(end, [.. submitter.NotSent.Select(index => _entries[index])]));
        }
    }

    /// <summary>The bar while sending.</summary>
    public ProgressRecord? DescribeProgress(int activity) => _submitter is not { } submitter ? null
        : new ProgressRecord(activity, "Submitting videos", string.Create(CultureInfo.CurrentCulture, $"{submitter.Ended} of {_entries.Count} submitted, {_refused} refused"))
        {
            PercentComplete = submitter.Ended * 100 / _entries.Count,
        };

    private void Emit(SubmitOutcome outcome)
    {
        Entry entry = _entries[outcome.Index];
        Video video = entry.Video;
        outcome.ApplyTo(video);
        if (outcome.Failure is { } failure)
        {
            _refused++;
            ErrorRecord error = ErrorRecords.From(failure, video);
            ErrorRecords.Amend(error, Where(entry), "");
            cmdlet.Report(video, error);
        }
        else
        {
            video.Created ??= DateTime.UtcNow;
        }

        cmdlet.Emit(video);
    }

    /// <summary>The error that ends the call names what was not sent.</summary>
    private static ErrorRecord EndRecord(ChuiziException end, List<Entry> notSent)
    {
        ErrorRecord error = ErrorRecords.From(end, notSent.Select(entry => entry.Video).ToArray());
        int[] rows = [.. notSent.Select(entry => entry.Row).OfType<int>()];
        string said = rows.Length > 0 ? $"Not sent: {RowRanges.Describe(rows)}." : "Nothing is sent.";
        ErrorRecords.Amend(error, "", " " + said);
        return error;
    }

    private static string Describe(Entry entry)
    {
        VideoRequest request = entry.Request;
        string length = request.Duration is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", {seconds} s") : "";
        return $"{Where(entry)}{ErrorRecords.Shorten(request.Prompt)} with {request.Model}{length}";
    }

    private static string Where(Entry entry) => entry.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $"Row {row}: ") : "";

    private sealed record Entry(int? Row, VideoRequest Request, Video Video);
}
