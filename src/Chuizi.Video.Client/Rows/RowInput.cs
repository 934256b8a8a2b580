namespace Chuizi.Video.Client.Rows;

/// <summary>
/// What a user gave for one video, unconverted: texts, numbers or whatever a row holds. Null, blank text and DBNull mean not given.
/// </summary>
internal sealed record RowInput
{
    /// <summary>The row's number from 1; null where there is only one prompt.</summary>
    public int? Row { get; init; }

    /// <summary>Text.</summary>
    public object? Prompt { get; init; }

    /// <summary>A model's name.</summary>
    public object? Model { get; init; }

    /// <summary>Whole seconds.</summary>
    public object? Duration { get; init; }

    /// <summary>An address, a data URL or a local file.</summary>
    public object? Image { get; init; }

    /// <summary>Several of these: a list, or one text with semicolons between them.</summary>
    public object? ReferenceImage { get; init; }

    /// <summary>An address.</summary>
    public object? SourceVideo { get; init; }

    /// <summary>E.g. 16:9.</summary>
    public object? AspectRatio { get; init; }

    /// <summary>720P or 1080P.</summary>
    public object? Resolution { get; init; }

    /// <summary>True or false.</summary>
    public object? Watermark { get; init; }

    /// <summary>A dictionary of extra body fields.</summary>
    public object? Parameter { get; init; }

    /// <summary>USD; not sent.</summary>
    public object? EstimatedCost { get; init; }

    /// <summary>The name of the file that the video is saved to; not sent.</summary>
    public object? FileName { get; init; }

    /// <summary>The columns that a row without a prompt does have, to say so.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];
}
