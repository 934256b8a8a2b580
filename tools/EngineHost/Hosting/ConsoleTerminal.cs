using System.Management.Automation;
using System.Text;

namespace Chuizi.Video.EngineHost.Hosting;

/// <summary>The process's console: output and errors apart, progress as one line that is written over, or as a line now and then in a log.</summary>
public sealed class ConsoleTerminal : ITerminal
{
    private const int WidthWithoutConsole = 120;

    private readonly Lock _lock = new();
    private readonly ProgressText _progress = new();
    private readonly bool _showsBar = !Console.IsOutputRedirected || !Console.IsErrorRedirected;
    private bool _barIsUp;
    private bool _lineIsOpen;

    /// <summary>Sets the console to UTF-8, which file names and prompts need.</summary>
    public ConsoleTerminal() => Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public int Width => !Console.IsOutputRedirected && Console.WindowWidth > 0 ? Console.WindowWidth : WidthWithoutConsole;

    /// <inheritdoc/>
    public bool HasColors { get; } = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    private static TextWriter Bar => Console.IsErrorRedirected ? Console.Out : Console.Error;

    /// <inheritdoc/>
    public void Write(string text)
    {
        lock (_lock)
        {
            TakeBarDown();
            Console.Out.Write(text);
            Console.Out.Flush();
            _lineIsOpen = text.Length > 0 && !text.EndsWith('\n');
        }
    }

    /// <inheritdoc/>
    public void WriteError(string line)
    {
        lock (_lock)
        {
            TakeBarDown();
            Console.Error.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void WriteProgress(ProgressRecord record)
    {
        lock (_lock)
        {
            _progress.Update(record);
            if (_showsBar && !_lineIsOpen)
            {
                TakeBarDown();
                string text = _progress.ToString();
                Bar.Write(text.Length < Width ? text : text[..(Width - 1)]);
                Bar.Flush();
                _barIsUp = text.Length > 0;
            }
            else if (!_showsBar && _progress.IsDue(Environment.TickCount64))
            {
                Console.Error.WriteLine(_progress);
            }
        }
    }

    /// <inheritdoc/>
    public void ClearProgress()
    {
        lock (_lock)
        {
            _progress.Clear();
            TakeBarDown();
        }
    }

    private void TakeBarDown()
    {
        if (_barIsUp)
        {
            _barIsUp = false;
            Bar.Write("\r\e[K");
            Bar.Flush();
        }
    }
}
