using System.Globalization;
using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// What tab completion offers for the model and for values that depend on it, by what has been typed. Uses only the catalog and does not
/// call the API.
/// </summary>
internal static class ParameterCompletions
{
    /// <summary>All models: first those that accept the inputs, last those that would be rejected.</summary>
    public static IReadOnlyList<CompletionItem> Models(TypedInput input) =>
    [
        .. ModelCatalogue.All
            .Select(model => (model, misfits: Misfits(model, input)))
            .OrderBy(pair => pair.misfits)
            .Select(pair => new CompletionItem(pair.model.Name, Describe(pair.model, input))),
    ];

    /// <summary>The aspect ratios that the model lists, or those of all models if it lists none or is not known.</summary>
    public static IReadOnlyList<CompletionItem> AspectRatios(TypedInput input) =>
        Values(input, model => model.AspectRatios, ratio => $"{ratio}, {Shape(ratio)}");

    /// <summary>The resolutions that the model lists, or those of all models if it lists none or is not known.</summary>
    public static IReadOnlyList<CompletionItem> Resolutions(TypedInput input) =>
        Values(input, model => model.Resolutions, resolution => resolution);

    /// <summary>The lengths in seconds that the model supports, or those of all models if it lists none or is not known.</summary>
    public static IReadOnlyList<CompletionItem> Durations(TypedInput input) => Values(input, Seconds, seconds => $"{seconds} s");

    private static IReadOnlyList<CompletionItem> Values<T>(
        TypedInput input,
        Func<VideoModel, IReadOnlyList<T>> list,
        Func<T, string> describe)
        where T : notnull
    {
        VideoModel? model = input.Model is { } name ? ModelCatalogue.Find(name) : null;
        if (model is not null && list(model) is { Count: > 0 } own)
        {
            return [.. own.Select(value => new CompletionItem(Text(value), $"{describe(value)}, for {model}"))];
        }

        string why = model is not null ? $"; not listed for {model}, but"
            : input.Model is { } unknown ? $"; {ValueReader.Quote(unknown)} is not in the model catalog, but this value is listed"
            : ",";
        // Keep the catalog's order; sort numbers.
        IEnumerable<T> all = ModelCatalogue.All.SelectMany(list).Distinct();
        return
        [
            .. (typeof(T) == typeof(int) ? all.Order() : all).Select(value => new CompletionItem(
                Text(value),
                $"{describe(value)}{why} for {Listing(list, value)}")),
        ];
    }

    private static string Listing<T>(Func<VideoModel, IReadOnlyList<T>> list, T value)
    {
        string[] names = [.. ModelCatalogue.All.Where(model => list(model).Contains(value)).Select(model => model.Name)];
        return names.Length switch
        {
            1 => names[0],
            2 => $"{names[0]} and {names[1]}",
            _ => $"{names[0]} and {names.Length - 1} others",
        };
    }

    private static IReadOnlyList<int> Seconds(VideoModel model) => model switch
    {
        { Durations.Length: > 0 } => model.Durations,
        { MaximumDuration: { } longest } => [.. Enumerable.Range(model.MinimumDuration ?? 1, longest - (model.MinimumDuration ?? 1) + 1)],
        _ => [],
    };

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Shape(string ratio)
    {
        string[] sides = ratio.Split(':');
        int order = int.Parse(sides[0], CultureInfo.InvariantCulture).CompareTo(int.Parse(sides[1], CultureInfo.InvariantCulture));
        return order > 0 ? "landscape" : order < 0 ? "portrait" : "square";
    }

    /// <summary>Type, provider, longest video, missing inputs, and the note.</summary>
    internal static string Describe(VideoModel model, TypedInput input)
    {
        string[] missing =
        [
            .. model.RequiresImage && !input.HasImage ? ["-Image"] : Array.Empty<string>(),
            .. model.MinimumReferenceImages > 0 && !input.HasReferenceImage ? ["-ReferenceImage"] : Array.Empty<string>(),
            .. model.RequiresSourceVideo && !input.HasSourceVideo ? ["-SourceVideo"] : Array.Empty<string>(),
        ];
        string?[] parts =
        [
            $"{model.Type}, {model.Provider}",
            model.MaximumDuration is { } longest ? string.Create(CultureInfo.InvariantCulture, $"up to {longest} s") : null,
            missing.Length > 0 ? $"needs {string.Join(" and ", missing)}" : null,
        ];
        string usual = ModelCatalogue.DefaultFor(input.HasImage, input.HasReferenceImage, input.HasSourceVideo);
        string?[] notes = [model.Note, model.Name == usual ? "the default" : null];
        string note = string.Join("; ", notes.OfType<string>());
        return string.Join(", ", parts.OfType<string>()) + (note.Length > 0 ? $"; {note}" : "");
    }

    /// <summary>
    /// The number of errors and warnings that validation would find, most important first: wrong media inputs weigh more than other values.
    /// </summary>
    private static (int MediaErrors, int MediaWarnings, int OtherErrors, int OtherWarnings) Misfits(VideoModel model, TypedInput input)
    {
        List<string> errors = [];
        List<string> warnings = [];
        ModelRules.Check(model, input.ToRequest(model), (field, _) => errors.Add(field), (field, _) => warnings.Add(field));
        return (
            errors.Count(IsMedium),
            warnings.Count(IsMedium),
            errors.Count(field => !IsMedium(field)),
            warnings.Count(field => !IsMedium(field)));
    }

    private static bool IsMedium(string field) => field is "Image" or "ReferenceImage" or "SourceVideo";
}
