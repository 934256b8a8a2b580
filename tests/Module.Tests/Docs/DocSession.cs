namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Blocks that a reader runs in order in one session.</summary>
internal sealed record DocSession(string Name, IReadOnlyList<DocBlock> Blocks)
{
    /// <summary>Whether the blocks import the module and connect by themselves.</summary>
    public bool StartsFromNothing => Blocks.Any(block => block.Text.Contains("Import-Module ./", StringComparison.Ordinal));

    /// <summary>Whether a block injects a fault.</summary>
    public bool HasFault => Blocks.Any(block => block.Fault is not null);
}
