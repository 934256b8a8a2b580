namespace Chuizi.Video.Client.Rows;

/// <summary>A row that has been read and checked.</summary>
/// <param name="Row">Its number, from 1; null if there is only one prompt.</param>
/// <param name="Request">
/// The request; null if it could not be read. With errors it must not be sent, but it can still identify a row that was sent before.
/// </param>
/// <param name="Errors">What is wrong with it.</param>
/// <param name="Warnings">What may be wrong with it.</param>
internal sealed record CheckedRow(
    int? Row,
    VideoRequest? Request,
    IReadOnlyList<ValidationIssue> Errors,
    IReadOnlyList<ValidationIssue> Warnings)
{
    /// <summary>Its line in the file, from 1; null if it is not known.</summary>
    public int? Line { get; init; }

    /// <summary>What it was read from, as the module keeps it: the row, or the bound parameters.</summary>
    public object? Input { get; init; }

    /// <summary>Every column of a row of text and every tag, in the order of the columns.</summary>
    public KeptCells Columns { get; init; } = KeptCells.None;

    /// <summary>How many videos of the row there should be; null if the user did not say.</summary>
    public int? TakeCount { get; init; }

    /// <summary>The name for the file of a take, if the user's template has its number; null to add the number to the name.</summary>
    public Func<int, string>? NameOfTake { get; init; }

    /// <summary>The model that tells it from other rows with the same number; null if there are none.</summary>
    public string? Variant { get; init; }
}
