namespace Chuizi.Video.Client.Gallery;

/// <summary>
/// Numbers the rows that the takes of a page belong to. Row numbers alone are not enough: a page may show several lists and ledgers, and a
/// row that was changed is another row.
/// </summary>
internal sealed class GalleryRows
{
    private readonly Dictionary<(string?, string?, int?, string?, string?), int> _numbers = [];

    /// <summary>The number of the video's row on the page, from 1; null if the video is not a take of a row.</summary>
    public int? NumberOf(Video video)
    {
        if (video.Take is null)
        {
            return null;
        }

        (string?, string?, int?, string?, string?) key = (video.Origin, video.Ledger, video.Row, video.Prompt, video.Model);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _numbers[key] = _numbers.Count + 1;
        }

        return number;
    }
}
