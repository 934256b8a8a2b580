namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Blocks that a reader runs one after the other in one session.</summary>
internal sealed record DocSession(string Name, IReadOnlyList<DocBlock> Blocks)
{
    /// <summary>It imports the module and connects itself, as a reader of it does.</summary>
    public bool StartsFromNothing => Blocks.Any(block => block.Text.Contains("Import-Module ./", StringComparison.Ordinal));

    /// <summary>It stops the sandbox that an earlier section has started.</summary>
    public bool NeedsWhatCameBefore
    {
        get
        {
            string text = string.Join('\n', Blocks.Select(block => block.Text));
            int stop = text.IndexOf("Stop-ChuiziVideoSandbox", StringComparison.Ordinal);
            return stop >= 0 && !text[..stop].Contains("Start-ChuiziVideoSandbox", StringComparison.Ordinal);
        }
    }
}
