using System.Globalization;
using System.Text;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Writes a large ledger whose lines look like those of a run of New | Wait | Save.</summary>
internal static class LargeLedger
{
    private const string Origin = "https://api.chuizi.ai";
    private const string Run = "a2becd72c9cf4c29";

    /// <summary>Writes the lines of submissions, in batches of some thousand rows whose steps are mixed.</summary>
    /// <param name="path">The path of the new file.</param>
    /// <param name="submissions">The number of submissions.</param>
    /// <param name="isSaved">Whether each has a fourth line, for its file.</param>
    public static void Write(string path, int submissions, bool isSaved)
    {
        const int Batch = 5000;
        using StreamWriter writer = new(path, append: false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
        for (int start = 0; start < submissions; start += Batch)
        {
            int[] numbers = [.. Enumerable.Range(start, Math.Min(Batch, submissions - start))];
            Func<int, string>[] lines = [Intent, Submitted, Settled, Saved];
            foreach (Func<int, string> line in isSaved ? lines : lines[..^1])
            {
                foreach (int number in numbers)
                {
                    writer.WriteLine(line(number));
                }
            }
        }
    }

    private static string Intent(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"step":"intent","entry":"{{{Run}}}-{{{number}}}","key":"2-{{{Hex(number, 'a')}}}#1","origin":"{{{Origin}}}","run":"{{{Run}}}",{{{At(number)}}},"v":1,
        "row":{{{number}}},{{{Model(number)}}},"prompt":"a red kite over a lake, slow aerial shot, take {{{number}}}","duration":4,"estimate":0.15,
        "columns":{"Prompt":null,"Scene":"{{{number}}}","Project":"P{{{number % 20}}}"}}
        """).ReplaceLineEndings("");

    private static string Submitted(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"step":"submitted","entry":"{{Run}}-{{number}}","key":"2-{{Hex(number, 'a')}}#1",{{Id(number)}},"run":"{{Run}}",{{At(number)}},"v":1,
        {{Model(number)}},"request_id":"{{Hex(number, 'b')}}","created":"{{Time(number)}}"}
        """).ReplaceLineEndings("");

    private static string Settled(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"step":"settled",{{Id(number)}},{{At(number)}},"v":1,{{Model(number)}},"status":"succeeded",
        "url":"https://media.chuizi.ai/videos/vid-{{Hex(number, 'c')[..24]}}.mp4","cost":0.15,"latency_ms":45000}
        """).ReplaceLineEndings("");

    private static string Saved(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"step":"saved",{{Id(number)}},{{At(number)}},"v":1,{{Model(number)}},"path":"/home/me/videos/vid-{{Hex(number, 'c')[..24]}}.mp4",
        "size":107093,"sha256":"{{Hex(number, 'd')}}{{Hex(number, 'e')}}"}
        """).ReplaceLineEndings("");

    private static string Id(int number) => $"\"id\":\"vid-{Hex(number, 'c')[..24]}\",\"origin\":\"{Origin}\"";

    private static string Model(int number) => $"\"model\":\"google/veo-{number % 5}\"";

    private static string At(int number) => $"\"at\":\"{Time(number)}\"";

    private static string Time(int number) => new DateTime(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc)
        .AddSeconds(number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>32 hexadecimal digits that look random, but are always the same for a number.</summary>
    private static string Hex(int number, char kind)
    {
        ulong high = unchecked(((ulong)number + kind) * 0x9E3779B97F4A7C15);
        ulong low = unchecked((high ^ (high >> 29)) * 0xBF58476D1CE4E5B9);
        return string.Create(CultureInfo.InvariantCulture, $"{high:x16}{low:x16}");
    }
}
