using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chuizi.Video.Benchmarks.Measuring;

/// <summary>Collects the figures, shows each one at once, and saves them at the end.</summary>
internal sealed class Report(IReadOnlyList<string> names)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly DateTime _start = DateTime.UtcNow;
    private readonly List<Figure> _figures = [];
    private readonly List<string> _notes = [];
    private string _benchmark = "";
    private double _share = 1;

    /// <summary>Starts a benchmark: the following figures belong to it.</summary>
    public void Begin(string benchmark)
    {
        CloseBenchmark();
        _benchmark = benchmark;
        Console.WriteLine($"== {benchmark}");
    }

    /// <summary>Adds a figure, with an optional upper bound of its median.</summary>
    public void Tell(string what, string unit, IReadOnlyList<double> values, double? atMost = null)
    {
        Figure figure = new(_benchmark, what, unit, values, atMost);
        _figures.Add(figure);
        Console.WriteLine($"{what,-78} {figure.Middle,12}  {figure.Spread,-20} {figure.Bound}".TrimEnd());
    }

    /// <summary>Adds the ratio of two series that were measured in turn.</summary>
    public void TellRatio(string what, IReadOnlyList<double> values, IReadOnlyList<double> others, double? atMost = null) =>
        Tell("  " + what, "", Rounds.Ratios(values, others), atMost);

    /// <summary>Adds a note that readers need besides the figures, such as a missing peer.</summary>
    public void Note(string text)
    {
        if (!_notes.Contains(text))
        {
            _notes.Add(text);
            Console.WriteLine(text);
        }
    }

    /// <summary>Lists the missed bounds, and saves everything to a folder, if one is specified.</summary>
    public void End(string? folder)
    {
        CloseBenchmark();
        Figure[] missed = [.. _figures.Where(figure => figure.IsReached == false)];
        Console.WriteLine(
            $"== {_figures.Count(figure => figure.IsReached == true)} bounds reached, {missed.Length} missed{(missed.Length > 0 ? ": " + string.Join("; ", missed.Select(figure => figure.What.Trim())) : "")}"
        );
        if (folder is null)
        {
            return;
        }

        string path = Path.Combine(Directory.CreateDirectory(folder).FullName, _start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        File.WriteAllText(path + ".json", Json() + "\n");
        File.WriteAllText(path + ".md", Table());
        Console.WriteLine($"Written: {path}.json and .md");
    }

    /// <summary>Marks the figures of the benchmark if the machine was busy before or after it.</summary>
    private void CloseBenchmark()
    {
        double share = Machine.FreeShare();
        Figure[] figures = [.. _figures.Where(figure => figure.FreeShare is null)];
        foreach (Figure figure in figures)
        {
            figure.FreeShare = Math.Min(_share, share);
        }

        if (figures.Length > 0 && figures[0].IsNoisy)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The machine was busy: only {figures[0].FreeShare:P0} of its processors were free. Measure {_benchmark} again."));
        }

        _share = share;
    }

    private string Command => string.Join(' ', ["./build.sh bench", .. names]);

    private string Json() =>
        JsonSerializer.Serialize(
            new
            {
                Date = _start,
                Machine = Machine.Description,
                Command,
                Rounds = Rounds.Count,
                Notes = _notes,
                Figures = _figures.Select(figure => new
                {
                    figure.Benchmark,
                    What = figure.What.Trim(),
                    figure.Unit,
                    figure.Median,
                    Least = figure.Values.Min(),
                    Most = figure.Values.Max(),
                    figure.Values,
                    figure.AtMost,
                    figure.FreeShare,
                    figure.IsNoisy,
                    figure.IsReached,
                }),
            },
            s_json);

    private string Table()
    {
        StringBuilder text = new();
        text.Append(
            CultureInfo.InvariantCulture,
            $"# Measured on {_start:yyyy-MM-dd}\n\n`{Command}` on {Machine.Description}. Medians of {Rounds.Count} rounds after a warm-up, "
        );
        text.Append("in which the ways take turns; a ratio is the median of the rounds' ratios.\n");
        foreach (IGrouping<string, Figure> group in _figures.GroupBy(figure => figure.Benchmark))
        {
            string noise = group.Any(figure => figure.IsNoisy) ? " (the machine was busy)" : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"\n## {group.Key}{noise}\n\n| | median | least to most | at most |\n| --- | ---: | ---: | --- |\n");
            foreach (Figure figure in group)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {figure.What.Trim().Replace("|", "\\|", StringComparison.Ordinal)} | {figure.Middle} | {figure.Spread} | {figure.Bound} |\n"
                );
            }
        }

        if (_notes.Count > 0)
        {
            text.Append("\n## Notes\n\n");
            _notes.ForEach(note => text.Append(CultureInfo.InvariantCulture, $"- {note}\n"));
        }

        return text.ToString();
    }
}
