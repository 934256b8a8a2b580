namespace Chuizi.Video.Module.Completion;

/// <summary>Completes the path of an image.</summary>
public sealed class ImagePathCompleter() : PathCompleter(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")
{
    // Row values are trimmed, and semicolons separate several paths.
    internal override bool CanBe(string value) => value == value.Trim() && !value.Contains(';', StringComparison.Ordinal);
}
