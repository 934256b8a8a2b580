using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>What one card shows.</summary>
/// <param name="Video">The video, with all that is known of it.</param>
/// <param name="Columns">The columns of the row that it came from, as plain values.</param>
internal sealed record GalleryItem(Video Video, IDictionary Columns);
