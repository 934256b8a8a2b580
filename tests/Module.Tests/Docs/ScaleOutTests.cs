using System.Globalization;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// The arithmetic of docs/guides/scale-out.md: two requests per video. The client's RequestBudgetUseTests measure that a run
/// needs no more.
/// </summary>
public sealed partial class ScaleOutTests
{
    private const double RequestsAVideo = 2;

    [Fact]
    public void The_times_in_the_table_follow_from_the_rule()
    {
        string section = DocFile.Of("docs/guides/scale-out.md").Section("## Estimate how long a list takes");
        section.ShouldContain($"> minutes = {RequestsAVideo} × rows ÷ requests per minute");
        string[][] table =
        [
            .. Row().Matches(section).Select(match => match.Value.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
        double[] rates = [.. table[0][1..].Select(cell => Number(cell.Replace(" per minute", "", StringComparison.Ordinal)))];
        rates.ShouldBe([60, 600, 6000]);
        table.Length.ShouldBe(5);
        foreach (string[] row in table[1..])
        {
            row[1..].ShouldBe(rates.Select(rate => Tell(RequestsAVideo * Number(row[0]) / rate)), row[0]);
        }

        table[1..].Select(row => Number(row[0])).ShouldBe([1_000, 10_000, 100_000, 1_000_000]);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Tell(double minutes) => minutes switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(minutes)):0} min"),
        < 24 * 60 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:0.0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60 / 24:0.0} days"),
    };

    [GeneratedRegex(@"^\| (?:Rows|[\d,]+) \|.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}
