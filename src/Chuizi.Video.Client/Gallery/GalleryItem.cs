using System.Collections;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The data of one card.</summary>
/// <param name="Video">The video, with everything known about it.</param>
/// <param name="Columns">The columns of the row that it came from, as plain values.</param>
internal sealed record GalleryItem(Video Video, IDictionary Columns);
