using System.Globalization;

namespace Chuizi.Video.Soak;

/// <summary>The command-line arguments.</summary>
internal sealed record SoakOptions
{
    /// <summary>The help text for the arguments.</summary>
    public const string Usage = """
        The fault campaign: runs batches with faults, and checks the promises after each.

          --batches N      ends after N batches (100)
          --minutes M      ends after M minutes (10), if that comes first
          --seed S         seed of the random plans (today's date)
          --only SEED      runs only the batch with this seed, which a violation shows
          --speed X        how many times faster than real time the clocks run (250)
          --prove          breaks each promise on purpose, and checks that it is noticed
          --report FILE    also writes the table to a file, as markdown, or as JSON if the name ends in .json

        Exit codes: 0 all promises held, 1 a promise was broken, 2 invalid arguments.
        """;

    public int Batches { get; init; } = 100;

    public double Minutes { get; init; } = 10;

    public int Seed { get; init; } =
        int.Parse(DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    public int? Only { get; init; }

    public double Speed { get; init; } = 250;

    public IReadOnlyList<string> Reports { get; init; } = [];

    public Sabotage Sabotage { get; init; }

    /// <summary>Whether to break each promise in turn.</summary>
    public bool Proves { get; init; }

    /// <summary>Parses the arguments. Null if they are invalid.</summary>
    public static SoakOptions? Parse(IReadOnlyList<string> arguments)
    {
        SoakOptions options = new();
        // The only argument without a value.
        if (arguments.Contains("--prove"))
        {
            options = options with { Proves = true };
            arguments = [.. arguments.Where(argument => argument != "--prove")];
        }

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
                // Used only by the tests of the campaign.
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
