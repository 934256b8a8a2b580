using System.Collections.ObjectModel;
using System.Text;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Converts a row to a request, and collects everything that is wrong with it. Violations of the contract (layer 1) are errors; violations
/// of a provider's advice (layer 3) are warnings.
/// </summary>
internal sealed class RowChecker
{
    /// <summary>The most takes of a row. More are probably a mistake, and each is billed.</summary>
    public const int MostTakes = 100;

    private readonly Func<string, string> _resolvePath;
    private readonly Dictionary<string, MediaSource> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MediaSource> _videos = new(StringComparer.Ordinal);
    private List<ValidationIssue> _errors = [];
    private List<ValidationIssue> _warnings = [];
    private bool _isReadable;
    private int? _row;

    /// <summary>Creates a checker for one list of rows.</summary>
    /// <param name="resolvePath">Makes a local path absolute; the default uses the process directory.</param>
    public RowChecker(Func<string, string>? resolvePath = null) => _resolvePath = resolvePath ?? System.IO.Path.GetFullPath;

    /// <summary>Whether local files are published before they are sent, so that a source video may be a local file.</summary>
    public bool Publishes { get; init; }

    /// <summary>Whether a header line was piped as a prompt, so that the other texts are lines of the same file.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>Reads and validates a row.</summary>
    public CheckedRow Check(RowInput input)
    {
        _errors = [];
        _warnings = [];
        _isReadable = true;
        _row = input.Row;
        string? prompt = Try("Prompt", () => PromptText(input.Prompt), "");
        if (prompt is null)
        {
            _isReadable = false;
            Fail("Prompt", input.File is null ? MissingPrompt(input.Columns) : "Prompt is missing. Describe what happens in the video.");
        }
        else if (WrongPrompt(prompt, isLine: input is { Row: not null, Columns: [] }) is { } why)
        {
            Fail("Prompt", why);
        }

        IReadOnlyDictionary<string, object?> parameters =
            Try(ColumnNames.AdditionalBody, () => ValueReader.Fields(ColumnNames.AdditionalBody, input.Parameter))
            ?? ReadOnlyDictionary<string, object?>.Empty;
        string? named = Try("Model", () => ValueReader.Text("Model", input.Model));
        input = PipedFile.Place(input, named is null ? null : ModelCatalogue.Find(named));
        int? duration = Try("Duration", () => ValueReader.Seconds("Duration", input.Duration));
        MediaSource? image = Try("Image", () => ReadOne("Image", input.Image, "Use ReferenceImage for several images."));
        IReadOnlyList<MediaSource> references = Lasting(ReadImages("ReferenceImage", input.ReferenceImage));
        MediaSource? sourceVideo = Try("SourceVideo", () => ReadOne("SourceVideo", input.SourceVideo, "Use one row for each video."));
        string name = named ?? ModelCatalogue.DefaultFor(
            image is not null || parameters.ContainsKey("image") || parameters.ContainsKey("image_url"),
            references.Count > 0 || parameters.ContainsKey("reference_image_urls"),
            sourceVideo is not null || parameters.ContainsKey("video_url"));
        VideoModel? model = ModelCatalogue.Find(name);
        VideoRequest request = new()
        {
            Model = model?.Name ?? name,
            Prompt = prompt ?? "",
            Duration = duration,
            Image = image,
            ReferenceImages = references,
            SourceVideo = sourceVideo,
            AspectRatio = Try("AspectRatio", () => ValueReader.Ratio("AspectRatio", input.AspectRatio)),
            Resolution = Try("Resolution", () => ValueReader.Resolution("Resolution", input.Resolution)),
            Watermark = Try("Watermark", () => ValueReader.Boolean("Watermark", input.Watermark)),
            Parameters = parameters,
            // Only a template makes folders.
            FileName = Try("FileName", () => ValueReader.Text("FileName", input.FileName)?.Replace('/', '_')),
            EstimatedCost = Try("EstimatedCost", () => ValueReader.Money("EstimatedCost", input.EstimatedCost)),
        };
        foreach ((string column, string? text) in new[] { ("Prompt", prompt), ("Model", name) })
        {
            if (text is not null && TextDamage.Of(text) is { } damage)
            {
                Fail(column, $"{column} {ValueReader.Quote(text)} {damage}");
            }
            else if (text is not null && !JsonConversion.IsWhole(text))
            {
                Fail(
                    column,
                    $"{column} {ValueReader.Quote(text)} contains an incomplete character (an unpaired surrogate), which cannot be "
                        + "sent. The text may have been cut inside an emoji.");
            }
        }

        foreach (string field in parameters.Keys.Where(field => IsSpecified(request, field)))
        {
            Fail(ColumnNames.AdditionalBody, $"AdditionalBody has the field '{field}', which has its own parameter. Specify it only once.");
        }

        if (HoldsKey(request))
        {
            Fail("", "The row contains an API key, which would be sent to the provider and recorded in the ledger. Remove it.");
        }
        else if (model is null && name.Any(letter => letter is '*' or '?' or '[' or ']' or ',' or ';' || char.IsWhiteSpace(letter)))
        {
            Fail("Model", $"Model {ValueReader.Quote(name)} is not the name of a model.{ModelCatalogue.Suggest(name)}");
        }
        else if (model is null)
        {
            Warn(
                "Model",
                $"The model {ValueReader.Quote(name)} is not in the model catalog and is sent unchanged.{ModelCatalogue.Suggest(name)}");
        }
        else if (_errors.Count == 0)
        {
            ModelRules.Check(model, request, Fail, Warn);
        }

        int? takes = Try(ColumnNames.TakeCount, () => ValueReader.Count(ColumnNames.TakeCount, input.TakeCount, MostTakes));
        return new CheckedRow(_row, _isReadable ? request : null, Lasting(_errors), Lasting(_warnings))
        {
            Variant = input.Variant,
            TakeCount = takes,
        };
    }

    /// <summary>A list that stays in memory with its row. Most are empty, and share one empty array.</summary>
    private static IReadOnlyList<T> Lasting<T>(List<T> list) => list.Count == 0 ? Array.Empty<T>() : list;

    private static string? PromptText(object? value)
    {
        try
        {
            return value is FileSystemInfo file ? throw new FormatException($"Prompt is the file '{file.Name}', not text.")
                : ValueReader.Text("Prompt", value);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{exception.Message} Pipe rows and files to New-ChuiziVideo.", exception);
        }
    }

    private static string MissingPrompt(IReadOnlyList<string> columns) =>
        columns switch
        {
            [] => "Prompt is empty. Describe the video.",
            _ when columns.Contains("Prompt", StringComparer.OrdinalIgnoreCase) =>
                "Prompt is blank. Describe the video, or remove the row.",
            [{ } only] when only.AsSpan().ContainsAny(";\t,|") =>
                $"Prompt not found. The only column is '{only}', so the file probably uses another delimiter. Use New-ChuiziVideo -Path, "
                    + "which recognizes it, or Import-Csv -Delimiter.",
            _ => $"Prompt not found. The columns are {string.Join(", ", columns)}. Rename the column that contains the prompt, or use "
                + "-Prompt { $_.<column> }.",
        };

    /// <summary>
    /// The problem with a prompt that looks like a list read the wrong way, and would be billed as a prompt; null if it looks fine.
    /// </summary>
    private string? WrongPrompt(string prompt, bool isLine)
    {
        string text = prompt.Trim();
        if (RawListLine.IsHeader(text, isLine))
        {
            HasHeader |= isLine;
            return $"Prompt {ValueReader.Quote(prompt)} is the header line of a CSV file. Read the file with New-ChuiziVideo -Path or "
                + "Import-Csv.";
        }

        return RawListLine.FormatOf(text) switch
        {
            null when RawListLine.IsFileName(text) && (!text.Contains(' ', StringComparison.Ordinal) || Exists(text)) =>
                $"Prompt {ValueReader.Quote(prompt)} is the name of a file. To read the list in it, use New-ChuiziVideo -Path.",
            null => null,
            "JSON" => $"Prompt {ValueReader.Quote(prompt)} is JSON. Read the file with New-ChuiziVideo -Path, or convert it with "
                + "ConvertFrom-Json (read a file of several lines with Get-Content -Raw).",
            { } format => $"Prompt {ValueReader.Quote(prompt)} is a line of {format}, not a prompt. Use a list in a CSV or JSON file with "
                + "New-ChuiziVideo -Path.",
        };
    }

    /// <summary>
    /// Whether any text that would be sent contains an API key. Local images count by their path, which is recorded in the ledger.
    /// </summary>
    private static bool HoldsKey(VideoRequest request) =>
        SecretRedactor.HoldsKey(Encoding.UTF8.GetString(RequestBody.Canonical(request, image => image.Value).Span));

    private bool Exists(string path)
    {
        try
        {
            return !MayBeShare(path) && System.IO.File.Exists(_resolvePath(path));
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a text may be a UNC path, possibly after a provider name. A prompt can be any text, and Windows sends credentials to a
    /// server whose share is accessed.
    /// </summary>
    private static bool MayBeShare(string text) =>
        text.StartsWith(@"\??\", StringComparison.Ordinal) || text.Zip(text.Skip(1)).Any(pair => pair is ('/' or '\\', '/' or '\\'));

    private static bool IsSpecified(VideoRequest request, string field) => field switch
    {
        "model" or "prompt" => true,
        "duration" => request.Duration is not null,
        "image" or "image_url" => request.Image is not null,
        "reference_image_urls" => request.ReferenceImages.Count > 0,
        "video_url" => request.SourceVideo is not null,
        "resolution" => request.Resolution is not null,
        "aspect_ratio" => request.AspectRatio is not null,
        "watermark" => request.Watermark is not null,
        _ => false,
    };

    private MediaSource? ReadOne(string column, object? value, string ifSeveral)
    {
        IReadOnlyList<object> media = ValueReader.List(value);
        return media.Count switch
        {
            0 => null,
            1 => ReadMedia(column, media[0]),
            _ => throw new FormatException($"{column} has {media.Count} values, but accepts only one. {ifSeveral}"),
        };
    }

    private List<MediaSource> ReadImages(string column, object? value) =>
        [
            .. (Try(column, () => ValueReader.List(value)) ?? [])
                .Select(image => Try(column, () => ReadMedia(column, image)))
                .OfType<MediaSource>(),
        ];

    // A list often repeats the same file, so read each one only once.
    private MediaSource ReadMedia(string column, object value)
    {
        bool isVideo = column == "SourceVideo";
        Dictionary<string, MediaSource> read = isVideo ? _videos : _images;
        string? text = ValueReader.Text(column, value);
        if (text is not null && read.TryGetValue(text, out MediaSource? known))
        {
            return known;
        }

        try
        {
            return read[text!] = isVideo
                ? MediaSource.ReadVideo(column, value, Publishes ? _resolvePath : null)
                : MediaSource.Read(column, value, _resolvePath);
        }
        catch (FormatException exception)
            when (exception.InnerException is IOException or UnauthorizedAccessException
                && MediaSource.Missing(text!, _resolvePath) is { } missing)
        {
            // The row cannot be sent, but the path can still identify it if it was sent before.
            Fail(column, exception.Message);
            return missing;
        }
    }

    private T? Try<T>(string column, Func<T?> read, T? instead = default)
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            _isReadable = false;
            Fail(column, exception.Message);
            return instead;
        }
    }

    private void Fail(string column, string message) => _errors.Add(new ValidationIssue(_row, column, message));

    private void Warn(string column, string message) => _warnings.Add(new ValidationIssue(_row, column, message));
}
