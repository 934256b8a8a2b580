using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The videos of a page, in input order. A later input of the same video replaces the earlier one in its position.</summary>
internal sealed class GalleryItems : IReadOnlyList<GalleryItem>
{
    private readonly List<GalleryItem> _items = [];
    private readonly Dictionary<object, int> _places = [];

    /// <summary>The number of videos.</summary>
    public int Count => _items.Count;

    /// <summary>The video at a position, from 0.</summary>
    public GalleryItem this[int index] => _items[index];

    /// <summary>Adds a video, or replaces the same one. A video without an id is equal only to itself.</summary>
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
