using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.Soak.Runs;

/// <summary>A console that keeps what is written, and shows nothing.</summary>
internal sealed class QuietTerminal : ITerminal
{
    private readonly List<string> _written = [];

    public int Width => 120;

    public bool HasColors => false;

    /// <summary>What was written so far; it is forgotten.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_written)
        {
            string[] written = [.. _written];
            _written.Clear();
            return written;
        }
    }

    public void Write(string text)
    {
        lock (_written)
        {
            _written.Add(text);
        }
    }

    public void WriteError(string line) => Write(line);

    public void WriteProgress(ProgressRecord record) => Write(record.ToString());

    public void ClearProgress()
    {
    }
}
