using System.Text;
using CsCheck;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Responses that no API should send: JSON with the expected fields in odd shapes, and bytes that are not JSON.</summary>
internal static class JsonGen
{
    private static readonly Gen<string> s_name = Gen.OneOf(
        "id", "status", "model", "url", "video_url", "output", "data", "cost", "latency_ms", "created", "error", "message", "type", "code",
        "balance", "rpm_limit", "daily_limit", "allowed_models", "aliases", "owned_by", "pricing", "unit", "price", "object", "x",
        "", "stat\\u0075s", "\\ud800", "i\\ud800", "dat\\udfff", "st\\ud800tus", "error\\u0000", "\\\"");

    private static readonly Gen<string> s_scalar = Gen.OneOf(
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1",
        "1e400",
        "-1e400",
        "1e-400",
        "1E+2",
        "0.15000000",
        "253402300799",
        "253402300800",
        "1700000000.999999999",
        "99999999999999999999999999999999999999999",
        "1e11",
        "1e12",
        "2147483648",
        "\"\"",
        "\" \"",
        "\"vid-1\"",
        "\"processing\"",
        "\"succeeded\"",
        "\"COMPLETED\"",
        "\"failed\"",
        "\"queued\"",
        "\"0.15000000\"",
        "\"1e400\"",
        "\"NaN\"",
        "\"https://media.chuizi.ai/a.mp4\"",
        "\"http:\"",
        "\"file:///etc/passwd\"",
        "\"https://[\"",
        "\"2026-01-02T03:04:05Z\"",
        "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59-14:00\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "\"second\"",
        "\"request\"");

    /// <summary>JSON text, including duplicate fields and odd escapes.</summary>
    public static Gen<string> Text { get; } = Value(4);

    /// <summary>JSON objects.</summary>
    public static Gen<string> ObjectText { get; } = Object(4);

    /// <summary>Mostly JSON; otherwise JSON that is truncated, corrupted or deeply nested, or random bytes.</summary>
    public static Gen<byte[]> Bytes { get; } = Gen.Frequency(
        (6, ObjectText.Select(Encoding.UTF8.GetBytes)),
        (2, Text.Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Select(ObjectText, Gen.Int[0, 200]).Select((text, at) => Encoding.UTF8.GetBytes(text[..Math.Min(at, text.Length)]))),
        (2, Gen.Select(ObjectText, Gen.Int[0, 200], Gen.Byte).Select((text, at, wrong) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            bytes[at % bytes.Length] = wrong;
            return bytes;
        })),
        (1, Gen.Int[1, 3000].Select(depth => Encoding.UTF8.GetBytes($"{{\"id\":{new string('[', depth)}{new string(']', depth)}}}"))),
        (1, Gen.Byte.Array[0, 60]));

    private static Gen<string> Value(int depth) => depth == 0 ? s_scalar : Gen.Frequency(
        (4, s_scalar),
        (2, Object(depth)),
        (1, Value(depth - 1).List[0, 3].Select(items => $"[{string.Join(',', items)}]")));

    private static Gen<string> Object(int depth) =>
        Gen.Select(s_name, Value(depth - 1))
            .Select((name, value) => $"\"{name}\":{value}")
            .List[1, 6]
            .Select(fields => $"{{{string.Join(',', fields)}}}");
}
