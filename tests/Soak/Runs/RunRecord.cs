namespace Chuizi.Video.Soak.Runs;

/// <summary>Everything that one run of a batch returned or showed.</summary>
internal sealed class RunRecord
{
    /// <summary>The videos that were output.</summary>
    public List<Video> Output { get; } = [];

    /// <summary>The summary that was output in place of the videos; null for none.</summary>
    public VideoSummary? Summary { get; set; }

    /// <summary>The errors, including a terminating one.</summary>
    public List<ErrorRecord> Errors { get; } = [];

    /// <summary>The warnings.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The texts of all streams and the console.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The output objects as text, with the rows that they came from.</summary>
    public List<string> Objects { get; } = [];

    /// <summary>The terminating error, if there was one.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>Whether the run ended early as planned, so that rows it did not reach are not failures.</summary>
    public bool WasCut { get; set; }

    /// <summary>Whether the run never returned.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Records the outcome of a script and what the console showed.</summary>
    public static RunRecord Of(Outcome outcome, IEnumerable<string> console)
    {
        RunRecord record = new() { Thrown = outcome.Thrown, IsStuck = outcome.IsStuck };
        if (outcome.IsStuck)
        {
            return record;
        }

        record.Output.AddRange(outcome.Output.Select(value => value?.BaseObject).OfType<Video>());
        record.Summary = outcome.Output.Select(value => value?.BaseObject).OfType<VideoSummary>().FirstOrDefault();
        record.Errors.AddRange(outcome.Errors);
        if (outcome.Terminating is { } terminating)
        {
            record.WasCut = outcome.Thrown is PipelineStoppedException;
            if (!record.WasCut)
            {
                record.Errors.Add(terminating);
            }
        }

        record.Warnings.AddRange(outcome.Warnings);
        record.Texts.AddRange(record.Errors.SelectMany(TextsOf));
        record.Texts.AddRange(record.Warnings);
        record.Texts.AddRange(outcome.Verbose);
        record.Texts.AddRange(outcome.Debug);
        record.Texts.AddRange(outcome.Information.Select(line => line.ToString()));
        record.Texts.AddRange(outcome.Progress.Select(line => line.ToString()));
        record.Texts.AddRange(console);
        record.Objects.AddRange(outcome.Output.Select(value => value is null ? "" : PSSerializer.Serialize(value, 2)));
        return record;
    }

    /// <summary>Whether any text or object contains these words.</summary>
    public bool Says(string words) => Texts.Concat(Objects).Any(text => text.Contains(words, StringComparison.Ordinal));

    /// <summary>Whether any text, or the image of a video, contains a signature. The user's own rows do.</summary>
    public bool SaysSignature() =>
        Texts.Concat(Output.Select(video => video.Image ?? "")).Any(text => text.Contains(Scene.Signature, StringComparison.Ordinal));

    private static string[] TextsOf(ErrorRecord error) =>
        [error.ToString(), error.Exception.ToString(), error.ErrorDetails?.RecommendedAction ?? "", error.TargetObject?.ToString() ?? ""];
}
