using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Turns a row into a request, or says all that is wrong with it. What the contract requires (layer 1) is an error; what a provider
/// advises (layer 3) is a warning.
/// </summary>
internal sealed class RequestBuilder
{
    /// <summary>The endings of files that hold prompts.</summary>
    private static readonly HashSet<string> s_lists = new([".csv", ".tsv", ".txt", ".json", ".jsonl"], StringComparer.OrdinalIgnoreCase);

    /// <summary>What stands beside Prompt in the first line of a list, and hardly beside it in a sentence.</summary>
    private static readonly HashSet<string> s_columns = new(
        [
            nameof(RowInput.Model),
            nameof(RowInput.Duration),
            nameof(RowInput.Image),
            nameof(RowInput.AspectRatio),
            "aspect_ratio",
            nameof(RowInput.Resolution),
            "FileName",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly Func<string, string> _resolvePath;
    private readonly Dictionary<string, ImageSource> _images = new(StringComparer.Ordinal);
    private List<ValidationIssue> _errors = [];
    private List<ValidationIssue> _warnings = [];
    private bool _isReadable;
    private int? _row;

    /// <summary>A builder for one list of rows.</summary>
    /// <param name="resolvePath">Makes a local path absolute; the process directory is the default.</param>
    public RequestBuilder(Func<string, string>? resolvePath = null) => _resolvePath = resolvePath ?? System.IO.Path.GetFullPath;

    /// <summary>Reads and checks a row.</summary>
    public CheckedRow Build(RowInput input)
    {
        _errors = [];
        _warnings = [];
        _isReadable = true;
        _row = input.Row;
        string? prompt = Try("Prompt", () => ValueReader.Text("Prompt", input.Prompt), "");
        if (prompt is null)
        {
            _isReadable = false;
            Fail("Prompt", MissingPrompt(input.Columns));
        }
        else if (WrongPrompt(prompt) is { } why)
        {
            Fail("Prompt", why);
        }

        string name = Try("Model", () => ValueReader.Text("Model", input.Model)) ?? ModelCatalogue.DefaultModel;
        VideoModel? model = ModelCatalogue.Find(name);
        IReadOnlyDictionary<string, object?> parameters =
            Try("Parameter", () => ValueReader.Fields("Parameter", input.Parameter)) ?? new Dictionary<string, object?>();
        VideoRequest request = new()
        {
            Model = model?.Name ?? name,
            Prompt = prompt ?? "",
            Duration = Try("Duration", () => ValueReader.Seconds("Duration", input.Duration)),
            Image = Try("Image", () => ReadOneImage(input.Image)),
            ReferenceImages = [.. ReadImages("ReferenceImage", input.ReferenceImage)],
            SourceVideo = Try("SourceVideo", () => ReadSourceVideo(input.SourceVideo)),
            AspectRatio = Try("AspectRatio", () => ValueReader.Text("AspectRatio", input.AspectRatio)),
            Resolution = Try("Resolution", () => ReadResolution(input.Resolution)),
            Watermark = Try("Watermark", () => ValueReader.Boolean("Watermark", input.Watermark)),
            Parameters = parameters,
            FileName = ReadFileName(input.FileName),
            EstimatedCost = Try("EstimatedCost", () => ValueReader.Money("EstimatedCost", input.EstimatedCost)),
        };
        foreach (
            (string column, string? text) in new[]
            {
                ("Prompt", prompt),
                ("Model", name),
                ("AspectRatio", request.AspectRatio),
                ("Resolution", request.Resolution),
            })
        {
            if (text is not null && !JsonValue.IsWhole(text))
            {
                Fail(
                    column,
                    $"{column} {ValueReader.Quote(text)} has half a character (an unpaired surrogate), which cannot be sent as it is; it "
                        + "may have been cut inside an emoji.");
            }
        }

        foreach (string field in parameters.Keys.Where(field => IsGiven(request, field)))
        {
            Fail("Parameter", $"Parameter has the field '{field}', which is given by a parameter of its own; give it once.");
        }

        if (HoldsKey(request))
        {
            Fail("", "The row holds an API key, which would go to the provider and into the ledger; take it out.");
        }
        else if (model is null)
        {
            Warn(
                "Model",
                $"The model '{name}' is not in the catalogue (did you mean '{ModelCatalogue.Closest(name)}'?); it is sent as it is.");
        }
        else if (_errors.Count == 0)
        {
            ModelRules.Check(model, request, Fail, Warn);
        }

        return new CheckedRow(_row, _isReadable ? request : null, _errors, _warnings);
    }

    private static string MissingPrompt(IReadOnlyList<string> columns) =>
        columns switch
        {
            [] => "Prompt is empty; say what the video shall show.",
            _ when columns.Contains("Prompt", StringComparer.OrdinalIgnoreCase) =>
                "Prompt is blank; say what the video shall show, or leave the row out.",
            [{ } only] when only.Contains(';', StringComparison.Ordinal) || only.Contains('\t', StringComparison.Ordinal) =>
                $"There is no Prompt, but one column '{only}': the file has another delimiter, so read it with Import-Csv -Delimiter.",
            _ => $"There is no Prompt (the columns are {string.Join(", ", columns)}).",
        };

    /// <summary>What looks like a list read the wrong way, and would be paid for as a prompt; null where nothing does.</summary>
    private string? WrongPrompt(string prompt)
    {
        string[] words = [.. prompt.Split([',', ';', '\t']).Select(word => word.Trim().Trim('"'))];
        bool isNames =
            words.Length > 1
            && words.Contains("Prompt", StringComparer.OrdinalIgnoreCase)
            && words.All(word => word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || letter == '_'));
        if (isNames && (words.Any(s_columns.Contains) || !prompt.Trim().Contains(' ', StringComparison.Ordinal)))
        {
            return $"Prompt {ValueReader.Quote(prompt)} is the first line of a CSV file; read the file with Import-Csv.";
        }

        if (IsJsonRow(prompt))
        {
            return $"Prompt {ValueReader.Quote(prompt)} is JSON, of a list or a row; read it with ConvertFrom-Json (and a file of many "
                + "lines with Get-Content -Raw).";
        }

        return
            s_lists.Contains(System.IO.Path.GetExtension(prompt.Trim()))
            && prompt.Trim() is { Length: < 260 } path
            && !path.Contains('\n', StringComparison.Ordinal)
            && Exists(path)
            ? $"Prompt {ValueReader.Quote(prompt)} is a file; read it, with Import-Csv for example."
            : null;
    }

    // Some write a prompt as JSON; one with a field of that name is a row, and brackets alone are lines of a file.
    private static bool IsJsonRow(string prompt)
    {
        string text = prompt.Trim();
        if (text is "[" or "{" or "}" or "}," or "]" || text.StartsWith("\"prompt\":", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (text is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Array
                || json.RootElement.EnumerateObject().Any(field => field.Name.Equals("prompt", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, or text that is none: half a surrogate pair.
            return false;
        }
    }

    /// <summary>
    /// Whether a key is in anything that would be sent; local images are sent by their content, and named in the ledger by their path.
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
    /// Whether a text may name a share, alone or behind a provider's name: a prompt is anybody's text, and Windows signs in to what is
    /// looked at there.
    /// </summary>
    private static bool MayBeShare(string text) =>
        text.StartsWith(@"\??\", StringComparison.Ordinal) || text.Zip(text.Skip(1)).Any(pair => pair is ('/' or '\\', '/' or '\\'));

    private static bool IsGiven(VideoRequest request, string field) => field switch
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

    /// <summary>The file name; null where it is not text, for which a row is not refused.</summary>
    private static string? ReadFileName(object? value)
    {
        try
        {
            return ValueReader.Text("FileName", value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? ReadResolution(object? value)
    {
        string? text = ValueReader.Text("Resolution", value);
        // The pages write both 720p and 720P; the contract writes 720P.
        return text is [.. { Length: > 0 } digits, 'p'] && digits.All(char.IsAsciiDigit) ? digits + "P" : text;
    }

    private static Uri? ReadSourceVideo(object? value)
    {
        string? text = ValueReader.Text("SourceVideo", value);
        return text is null ? null
            : Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http" && address.Host.Length > 0
                ? address
            : throw new FormatException(
                $"SourceVideo {ValueReader.Quote(text)} is no http(s) address. The API fetches the video itself, so a local file will not "
                    + "do.");
    }

    private ImageSource? ReadOneImage(object? value)
    {
        IReadOnlyList<object> images = ValueReader.List(value);
        return images.Count switch
        {
            0 => null,
            1 => ReadImage("Image", images[0]),
            _ => throw new FormatException(
                $"Image names {images.Count} images, and there is one source image; several go into ReferenceImage."),
        };
    }

    private List<ImageSource> ReadImages(string column, object? value) =>
        [
            .. (Try(column, () => ValueReader.List(value)) ?? [])
                .Select(image => Try(column, () => ReadImage(column, image)))
                .OfType<ImageSource>(),
        ];

    // A list often names one image many times; it is looked at once.
    private ImageSource ReadImage(string column, object value)
    {
        string? text = ValueReader.Text(column, value);
        if (text is not null && _images.TryGetValue(text, out ImageSource? known))
        {
            return known;
        }

        try
        {
            return _images[text!] = ImageSource.Read(column, value, _resolvePath);
        }
        catch (FormatException exception)
            when (exception.InnerException is IOException or UnauthorizedAccessException
                && ImageSource.Missing(text!, _resolvePath) is { } missing)
        {
            // The row cannot be sent; should it have been, it is recognised all the same.
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
