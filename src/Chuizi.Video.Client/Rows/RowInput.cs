namespace Chuizi.Video.Client.Rows;

/// <summary>
/// A user's unconverted input for one video: strings, numbers or other values of a row. Null, blank text and DBNull mean not specified.
/// </summary>
internal sealed record RowInput
{
    /// <summary>The row's number, from 1; null if there is only one prompt.</summary>
    public int? Row { get; init; }

    /// <summary>Text.</summary>
    public object? Prompt { get; init; }

    /// <summary>A model's name.</summary>
    public object? Model { get; init; }

    /// <summary>Whole seconds.</summary>
    public object? Duration { get; init; }

    /// <summary>A URL, a data URL or a local file.</summary>
    public object? Image { get; init; }

    /// <summary>Several images: a list, or one text separated by semicolons.</summary>
    public object? ReferenceImage { get; init; }

    /// <summary>A URL.</summary>
    public object? SourceVideo { get; init; }

    /// <summary>For example 16:9.</summary>
    public object? AspectRatio { get; init; }

    /// <summary>720P or 1080P.</summary>
    public object? Resolution { get; init; }

    /// <summary>True or false.</summary>
    public object? Watermark { get; init; }

    /// <summary>A dictionary of extra body fields.</summary>
    public object? Parameter { get; init; }

    /// <summary>USD; not sent.</summary>
    public object? EstimatedCost { get; init; }

    /// <summary>The name for the saved file; not sent.</summary>
    public object? FileName { get; init; }

    /// <summary>How many videos to make of the row; not sent.</summary>
    public object? TakeCount { get; init; }

    /// <summary>A piped image or video, by path or URL; see <see cref="PipedFile"/>.</summary>
    public string? File { get; init; }

    /// <summary>The model that tells this row from the others of the same input; null if the input is one row.</summary>
    public string? Variant { get; init; }

    /// <summary>The columns of a row that has no prompt, for the error message.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>This input once with each prompt and each model.</summary>
    /// <param name="prompts">The prompts; empty to keep this one.</param>
    /// <param name="models">The models; empty to keep this one.</param>
    public IEnumerable<RowInput> Times(IReadOnlyList<object?> prompts, IReadOnlyList<string> models) =>
        from prompt in prompts.Count > 0 ? prompts : [Prompt]
        from model in models.DefaultIfEmpty<string?>(null)
        select model is null
            ? this with { Prompt = prompt }
            : this with { Prompt = prompt, Model = model, Variant = models.Count > 1 ? DisplayText.ShortModel(model) : null };
}
