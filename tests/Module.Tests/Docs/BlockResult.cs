namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>What came of running a block: the ids of all errors, with their texts, and the warnings.</summary>
internal sealed record BlockResult(string[] Errors, string[] Messages, string[] Warnings)
{
    public static BlockResult Of(Outcome outcome)
    {
        ErrorRecord[] errors = [.. outcome.Errors, .. outcome.Terminating is { } end ? [end] : Array.Empty<ErrorRecord>()];
        return new BlockResult(
            [.. errors.Select(error => error.FullyQualifiedErrorId)],
            [.. errors.Select(error => error.ToString())],
            [.. outcome.Warnings]);
    }

    /// <summary>Just the errors that the document tells of, and no warning.</summary>
    public void ShouldBeAsTold(DocBlock block)
    {
        string said = $"{block}: {string.Join(Environment.NewLine, Messages.Concat(Warnings))}";
        Errors.Select(id => id.Split(',')[0]).ShouldBe(block.Errors, ignoreOrder: true, said);
        Warnings.ShouldBeEmpty(said);
    }
}
