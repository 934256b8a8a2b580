namespace Chuizi.Video.Client.Rows;

/// <summary>A row that has been read and checked.</summary>
/// <param name="Row">Its number from 1; null where there is only one prompt.</param>
/// <param name="Request">
/// What it asks for; null where that could not be read. With errors it must not be sent, but is enough to recognise a row that was.
/// </param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Warnings">What is doubtful about it.</param>
internal sealed record CheckedRow(
    int? Row,
    VideoRequest? Request,
    IReadOnlyList<ValidationIssue> Errors,
    IReadOnlyList<ValidationIssue> Warnings);
