namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The result of running a block: the ids and texts of all errors, and the warnings.</summary>
internal sealed record BlockResult(string[] Errors, string[] Messages, string[] Warnings)
{
    /// <summary>Fails unless the block reported exactly the documented errors, and a warning only if it is documented.</summary>
    public void ShouldBeAsTold(DocBlock block)
    {
        string said = $"{block}: {string.Join(Environment.NewLine, Messages.Concat(Warnings))}";
        Errors.Select(id => id.Split(',')[0]).ShouldBe(block.Errors, ignoreOrder: true, said);
        (Warnings.Length > 0).ShouldBe(block.Warns, said);
    }
}
