using System.Globalization;

namespace Chuizi.Video.Soak;

/// <summary>The arguments.</summary>
internal sealed record SoakOptions
{
    /// <summary>How they are written.</summary>
    public const string Usage = """
        The fault campaign: batches with everything in their way, and the promises checked after each.

          --batches N      so many batches (100)
          --minutes M      or so many minutes (10), whichever comes first
          --seed S         what all is drawn from (today's date)
          --only SEED      the one batch of that seed, as a failure tells it
          --speed X        how many times faster than the system's the clocks go (250)
          --report FILE    writes the table there as markdown too, or as JSON where the name ends in .json

        Exit codes: 0 all promises held, 1 some did not, 2 bad arguments.
        """;

    public int Batches { get; init; } = 100;

    public double Minutes { get; init; } = 10;

    public int Seed { get; init; } =
        int.Parse(DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public int? Only { get; init; }

    public double Speed { get; init; } = 250;

    public IReadOnlyList<string> Reports { get; init; } = [];

    public Sabotage Sabotage { get; init; }

    /// <summary>Reads them; null where they make no sense.</summary>
    public static SoakOptions? Parse(IReadOnlyList<string> arguments)
    {
        SoakOptions options = new();
        for (int index = 0; index < arguments.Count; index += 2)
        {
            string value = index + 1 < arguments.Count ? arguments[index + 1] : "";
            SoakOptions? read = arguments[index] switch
            {
                "--batches" when Whole(value) is > 0 and { } batches => options with { Batches = batches },
                "--minutes" when Number(value) is > 0 and { } minutes => options with { Minutes = minutes },
                "--seed" when Whole(value) is { } seed => options with { Seed = seed },
                "--only" or "--batch" when Whole(value) is { } only => options with { Only = only },
                "--speed" when Number(value) is >= 1 and { } speed => options with { Speed = speed },
                "--report" when value.Length > 0 => options with { Reports = [.. options.Reports, value] },
                // For the tests of the campaign itself.
                "--sabotage" when Enum.TryParse(value, out Sabotage sabotage) => options with { Sabotage = sabotage },
                _ => null,
            };
            if (read is null)
            {
                return null;
            }

            options = read;
        }

        return options;
    }

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number : null;
}
