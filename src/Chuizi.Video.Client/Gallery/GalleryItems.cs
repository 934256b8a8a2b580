using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The videos of a page, in the order in which they come. The same video again takes its first place, as it is now.</summary>
internal sealed class GalleryItems : IReadOnlyList<GalleryItem>
{
    private readonly List<GalleryItem> _items = [];
    private readonly Dictionary<object, int> _places = [];

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>The one at a place, from 0.</summary>
    public GalleryItem this[int index] => _items[index];

    /// <summary>Adds one, or puts it where the same video is. One without an id is the same as itself alone.</summary>
    public void Add(GalleryItem item)
    {
        if (_places.TryAdd((object?)item.Video.Id ?? item.Video, _items.Count))
        {
            _items.Add(item);
        }
        else
        {
            _items[_places[(object?)item.Video.Id ?? item.Video]] = item;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<GalleryItem> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
