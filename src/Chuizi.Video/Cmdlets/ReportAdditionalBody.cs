using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Module.Input;

namespace Chuizi.Video.Module.Cmdlets;

/// <summary>The column AdditionalBody of a video, for its property set <c>Report</c>.</summary>
public static class ReportAdditionalBody
{
    /// <summary>The extra fields of the request body as JSON; null if there are none, or they are not known.</summary>
    public static string? Of(Video video)
    {
        ArgumentNullException.ThrowIfNull(video);
        object? fields = VideoProvenance.Of(video)?.Request?.Parameters is { Count: > 0 } sent
            ? sent
            : RecordedColumns.Of(video.KeptInput) is { } columns && columns.Contains(nameof(LedgerRecord.Parameter))
                ? columns[nameof(LedgerRecord.Parameter)]
                : null;
        return fields is null ? null : JsonConversion.ToMaskedElement(fields).GetRawText();
    }
}
