namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of an image.</summary>
public sealed class ImagePathCompleter() : PathCompleter(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
{
    // Values of rows are trimmed, and semicolons stand between several.
    internal override bool CanBe(string value) => value == value.Trim() && !value.Contains(';', StringComparison.Ordinal);
}
