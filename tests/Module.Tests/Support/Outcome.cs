namespace Chuizi.Video.Module.Tests.Support;

/// <summary>All that a script left behind.</summary>
internal sealed record Outcome(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress,
    IReadOnlyList<string> Debug,
    IReadOnlyList<InformationRecord> Information,
    Exception? Thrown)
{
    /// <summary>The record of the error that ended the script.</summary>
    public ErrorRecord? Terminating => (Thrown as RuntimeException)?.ErrorRecord;

    /// <summary>The only error, terminating or not.</summary>
    public ErrorRecord TheError
    {
        get
        {
            ErrorRecord[] all = Terminating is { } terminating ? [.. Errors, terminating] : [.. Errors];
            all.Length.ShouldBe(1, string.Join(Environment.NewLine, all.Select(error => $"{error.FullyQualifiedErrorId}: {error}")));
            return all[0];
        }
    }

    /// <summary>A property of each output object.</summary>
    public IReadOnlyList<object?> Values(string property) => [.. Output.Select(item => item.Properties[property].Value)];

    /// <summary>The texts of a property of each output object.</summary>
    public IReadOnlyList<string?> Texts(string property) => [.. Values(property).Select(value => value?.ToString())];

    /// <summary>Nothing went wrong.</summary>
    public Outcome ShouldBeClean()
    {
        string wrong = string.Join(Environment.NewLine, Errors.Select(error => error.ToString()).Concat(Warnings).Append(Thrown?.Message));
        return wrong.Length == 0 ? this : throw new Xunit.Sdk.XunitException($"It went wrong: {wrong}");
    }
}
