using System.Reflection;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Records with random values in every field, including fields that are added later.</summary>
internal static class RandomRecord
{
    // No lone surrogates, because JSON cannot contain them.
    private static readonly string[] s_pieces =
    [
        "a",
        "Z",
        "0",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\u001f",
        "\u007f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\"",
        "\\",
        "\\n",
        "/",
        "{",
        "}",
        "[",
        ",",
        ":",
        "<b>&'",
        "+",
        "ё",
        "视频",
        "🎬",
        "e\u0301",
        "\ud83d\udc69\u200d\ud83d\ude80",
        "\ufffd",
        "null",
        "\"step\":\"intent\"",
    ];

    public static LedgerRecord Make(Random random, bool isFull = false)
    {
        LedgerRecord record = new();
        foreach (PropertyInfo property in typeof(LedgerRecord).GetProperties())
        {
            property.SetValue(record, isFull || random.Next(4) > 0 ? Value(property.PropertyType, random) : property.GetValue(record));
        }

        record.Step = random.Next(2) == 0 ? LedgerStep.Submitted : "x" + record.Step;
        return record;
    }

    public static string Text(Random random) => string.Concat(random.GetItems(s_pieces, random.Next(8)));

    private static object Value(Type type, Random random) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            Type text when text == typeof(string) => Text(random),
            Type whole when whole == typeof(int) => random.Next(int.MinValue, int.MaxValue),
            Type number when number == typeof(long) => random.NextInt64(long.MinValue, long.MaxValue),
            Type money when money == typeof(decimal) => new decimal(
                random.Next(),
                random.Next(),
                random.Next(100),
                random.Next(2) == 0,
                (byte)random.Next(20)),
            Type time when time == typeof(DateTime) => new DateTime(
                random.NextInt64(DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks),
                DateTimeKind.Utc),
            Type address when address == typeof(Uri) => new Uri(
                $"https://media.chuizi.ai/{Uri.EscapeDataString(Text(random))}?a=%2B{random.Next()}"),
            Type texts when texts == typeof(string[]) => Enumerable.Range(0, random.Next(3)).Select(_ => Text(random)).ToArray(),
            Type map when map == typeof(Dictionary<string, string>) => Enumerable
                .Range(0, random.Next(3))
                .ToDictionary(index => index + Text(random), _ => Text(random)),
            Type error when error == typeof(VideoError) => new VideoError
            {
                Message = Text(random),
                Type = random.Next(2) == 0 ? null : Text(random),
                Code = Text(random),
            },
            Type flag when flag == typeof(bool) => random.Next(2) == 0,
            Type json when json == typeof(JsonElement) => JsonSerializer.SerializeToElement(
                new
                {
                    seed = random.Next(),
                    text = Text(random),
                    list = new[] { 1.5m, 2 },
                }),
            _ => throw new NotSupportedException($"The tests make no {type} yet."),
        };
}
