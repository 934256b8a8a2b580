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

    /// <summary>Whether any text has these words.</summary>
    public bool Says(string words) => Texts.Exists(text => text.Contains(words, StringComparison.Ordinal));
}
