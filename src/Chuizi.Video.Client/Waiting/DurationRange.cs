using System.Runtime.InteropServices;

namespace Chuizi.Video.Client.Waiting;

/// <summary>The ages at which a model's jobs end, by what has been seen of them.</summary>
/// <param name="Low">Hardly any ends before.</param>
/// <param name="High">Hardly any ends later.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DurationRange(TimeSpan Low, TimeSpan High);
