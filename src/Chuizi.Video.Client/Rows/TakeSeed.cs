using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// The fixed seed in the extra fields of a request. It counts up from take to take, because equal seeds would make equal videos. A seed is
/// a field with this name at any depth whose value is a whole number; a negative one asks for a random seed.
/// </summary>
internal static class TakeSeed
{
    /// <summary>The first seed in the extra fields; null without one.</summary>
    public static long? Find(IReadOnlyDictionary<string, object?> fields) =>
        FindSeed(fields.Count == 0 ? null : JsonConversion.FromElement(JsonConversion.ToElement(fields)));

    /// <summary>The extra fields with every seed raised.</summary>
    public static Dictionary<string, object?> Raise(IReadOnlyDictionary<string, object?> fields, int more) =>
        (Dictionary<string, object?>)WithSeed(JsonConversion.FromElement(JsonConversion.ToElement(fields)), more)!;

    private static bool IsSeed(string name, object? value) =>
        name.Equals("seed", StringComparison.OrdinalIgnoreCase) && value is long and >= 0;

    private static long? FindSeed(object? fields) => fields switch
    {
        Dictionary<string, object?> map => map.Where(field => IsSeed(field.Key, field.Value)).Select(field => (long?)field.Value)
            .Concat(map.Values.Select(FindSeed))
            .FirstOrDefault(seed => seed is not null),
        object?[] list => list.Select(FindSeed).FirstOrDefault(seed => seed is not null),
        _ => null,
    };

    private static object? WithSeed(object? fields, int more) => fields switch
    {
        Dictionary<string, object?> map => map.ToDictionary(
            field => field.Key,
            field => IsSeed(field.Key, field.Value) ? Raise((long)field.Value!, more) : WithSeed(field.Value, more),
            StringComparer.Ordinal),
        object?[] list => list.Select(item => WithSeed(item, more)).ToArray(),
        _ => fields,
    };

    // Providers accept seeds up to 2,147,483,647 (Alibaba Model Studio) or 4,294,967,295 (Vertex AI). After the highest one comes 0.
    private static long Raise(long seed, int more)
    {
        long most = seed <= int.MaxValue ? int.MaxValue : seed <= uint.MaxValue ? uint.MaxValue : long.MaxValue;
        return seed <= most - more ? seed + more : seed - (most - more) - 1;
    }
}
