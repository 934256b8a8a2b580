using System.Management.Automation.Host;

namespace Chuizi.Video.Tests.Support;

/// <summary>The size of the window, which the engine formats to. Nothing else is supported.</summary>
internal sealed class RecordingHostRawUI(int width) : PSHostRawUserInterface
{
    private const int Height = 50;

    public override Size BufferSize
    {
        get => new(width, Height);
        set => Ignore(value);
    }

    public override Size WindowSize
    {
        get => new(width, Height);
        set => Ignore(value);
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override Coordinates CursorPosition { get; set; }

    public override Coordinates WindowPosition { get; set; }

    public override int CursorSize { get; set; } = 1;

    public override string WindowTitle { get; set; } = "";

    public override bool KeyAvailable => false;

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException("The recording host does not read keys.");

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => new BufferCell[0, 0];

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
    {
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
    {
    }

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
    }

    private static void Ignore(Size size) => _ = size;
}
