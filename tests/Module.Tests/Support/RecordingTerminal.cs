using System.Text;
using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.Module.Tests.Support;

/// <summary>A terminal of a given width that keeps what is written.</summary>
internal sealed class RecordingTerminal(int width) : ITerminal
{
    private readonly StringBuilder _text = new();

    public int Width => width;

    public bool HasColors => false;

    /// <summary>The lines, without blanks at their ends and without the empty ones around.</summary>
    public string Text => string.Join('\n', _text.ToString().Split('\n').Select(line => line.TrimEnd())).Trim('\n');

    public void Write(string text) => _text.Append(text);

    public void WriteError(string line) => _text.Append(line).Append('\n');

    public void WriteProgress(ProgressRecord record)
    {
    }

    public void ClearProgress()
    {
    }
}
