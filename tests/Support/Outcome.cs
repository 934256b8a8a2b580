namespace Chuizi.Video.Tests.Support;

/// <summary>Everything that a script wrote or threw.</summary>
/// <param name="Output">Its output.</param>
/// <param name="Errors">Its non-terminating errors.</param>
/// <param name="Warnings">Its warnings.</param>
/// <param name="Verbose">Its verbose lines.</param>
/// <param name="Progress">Its progress records.</param>
/// <param name="Debug">Its debug lines.</param>
/// <param name="Information">Its information records.</param>
/// <param name="Thrown">The exception that ended it.</param>
public sealed record Outcome(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<ProgressRecord> Progress,
    IReadOnlyList<string> Debug,
    IReadOnlyList<InformationRecord> Information,
    Exception? Thrown)
{
    /// <summary>Whether the script did not end in time; its streams were not collected then.</summary>
    public bool IsStuck { get; init; }

    /// <summary>The record of the error that ended the script.</summary>
    public ErrorRecord? Terminating => (Thrown as RuntimeException)?.ErrorRecord;

    /// <summary>The only error, terminating or not.</summary>
    public ErrorRecord TheError
    {
        get
        {
            ErrorRecord[] all = Terminating is { } terminating ? [.. Errors, terminating] : [.. Errors];
            return all.Length == 1
                ? all[0]
                : throw new InvalidOperationException(
                    $"Expected one error, but got {all.Length}: {string.Join(Environment.NewLine, all.Select(error => $"{error.FullyQualifiedErrorId}: {error}"))}"
                );
        }
    }

    /// <summary>A property of each output object.</summary>
    public IReadOnlyList<object?> Values(string property) => [.. Output.Select(item => item.Properties[property].Value)];

    /// <summary>The texts of a property of each output object.</summary>
    public IReadOnlyList<string?> Texts(string property) => [.. Values(property).Select(value => value?.ToString())];

    /// <summary>Throws if there is an error or a warning.</summary>
    public Outcome ShouldBeClean()
    {
        string wrong = string.Join(Environment.NewLine, Errors.Select(error => error.ToString()).Concat(Warnings).Append(Thrown?.Message));
        return wrong.Length == 0 && !IsStuck
            ? this
            : throw new InvalidOperationException($"The script failed: {(IsStuck ? "it did not end" : wrong)}");
    }
}
