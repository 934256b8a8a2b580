namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Blocks that a reader runs one after the other in one session.</summary>
internal sealed record DocSession(string Name, IReadOnlyList<DocBlock> Blocks)
{
    /// <summary>It imports the module and connects itself, as a reader of it does.</summary>
    public bool StartsFromNothing => Blocks.Any(block => block.Text.Contains("Import-Module ./", StringComparison.Ordinal));

    /// <summary>Something goes wrong in it on purpose.</summary>
    public bool HasFault => Blocks.Any(block => block.Fault is not null);
}
