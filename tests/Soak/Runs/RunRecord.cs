namespace Chuizi.Video.Soak.Runs;

/// <summary>All that one run of a batch left behind.</summary>
internal sealed class RunRecord
{
    /// <summary>The videos that came out.</summary>
    public List<Video> Output { get; } = [];

    /// <summary>The errors, a terminating one included.</summary>
    public List<ErrorRecord> Errors { get; } = [];

    /// <summary>The warnings.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>What every stream and the console said.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The terminating error, if there was one.</summary>
    public Exception? Thrown { get; set; }

    /// <summary>Whether it ended before its time as the plan has it: what it did not get to is nobody's failure.</summary>
    public bool WasCut { get; set; }

    /// <summary>Whether it never came back.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Everything that a script left behind, and what the console showed meanwhile.</summary>
    public static RunRecord Of(Outcome outcome, IEnumerable<string> console)
    {
        RunRecord record = new() { Thrown = outcome.Thrown, IsStuck = outcome.IsStuck };
        if (outcome.IsStuck)
        {
            return record;
        }

        record.Output.AddRange(outcome.Output.Select(value => value?.BaseObject).OfType<Video>());
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
        record.Texts.AddRange(outcome.Output.Select(value => value is null ? "" : PSSerializer.Serialize(value, 2)));
        record.Texts.AddRange(console);
        return record;
    }

    /// <summary>Whether any text has these words.</summary>
    public bool Says(string words) => Texts.Exists(text => text.Contains(words, StringComparison.Ordinal));

    private static string[] TextsOf(ErrorRecord error) =>
        [error.ToString(), error.Exception.ToString(), error.ErrorDetails?.RecommendedAction ?? "", error.TargetObject?.ToString() ?? ""];
}
