using System.Globalization;
using System.Text;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// A template for file names, such as <c>{Scene:00}/{Model}</c>: columns of the row and properties of the video in braces, each with an
/// optional .NET format. A slash makes a folder; a value never does. <c>{{</c> and <c>}}</c> are literal braces.
/// </summary>
internal sealed class FileNameTemplate
{
    private readonly List<(string Text, string? Name, string? Format)> _parts = [];

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">A brace has no partner, or the path is not relative.</exception>
    public FileNameTemplate(string text)
    {
        string path = text.Trim().Replace('\\', '/');
        if (path.StartsWith('/') || (path.Length > 1 && path[1] == ':') || path.Split('/').Any(part => part.Trim() is "." or ".."))
        {
            throw new FormatException($"FileName '{text}' must be a name, or a path inside the destination.");
        }

        StringBuilder literal = new();
        for (int at = 0; at < path.Length; at++)
        {
            char letter = path[at];
            if (letter is '{' or '}' && at + 1 < path.Length && path[at + 1] == letter)
            {
                literal.Append(letter);
                at++;
            }
            else if (letter is '{' && path.IndexOf('}', at) is > 0 and int end)
            {
                string[] field = path[(at + 1)..end].Split(':', 2);
                _parts.Add((literal.ToString(), field[0].Trim(), field.Length > 1 ? field[1] : null));
                literal.Clear();
                at = end;
            }
            else
            {
                literal.Append(letter is '{' or '}'
                    ? throw new FormatException($"FileName '{text}' has a brace without a partner. Write {{{{ or }}}} for a brace.")
                    : letter);
            }
        }

        _parts.Add((literal.ToString(), null, null));
    }

    /// <summary>The names in braces.</summary>
    public IEnumerable<string> Names => _parts.Select(part => part.Name).OfType<string>();

    /// <summary>Whether the template makes folders.</summary>
    public bool HasFolders => _parts.Exists(part => part.Text.Contains('/', StringComparison.Ordinal));

    /// <summary>The name for a video: a relative path with <c>/</c> between its parts.</summary>
    /// <param name="video">The video.</param>
    /// <param name="column">Returns a column of the row; null if the row does not have it.</param>
    /// <exception cref="FormatException">A name is unknown, its value is blank, or the format does not fit it.</exception>
    public string NameOf(Video video, Func<string, object?> column)
    {
        StringBuilder name = new();
        foreach ((string text, string? field, string? format) in _parts)
        {
            name.Append(text);
            if (field is not null)
            {
                string value = Text(ValueOf(video, field) ?? column(field), format, field);
                name.Append(value.Replace('/', '_').Replace('\\', '_'));
            }
        }

        return name.ToString();
    }

    private static object? ValueOf(Video video, string name) => name.ToUpperInvariant() switch
    {
        "ID" => video.Id,
        "STATUS" => video.Status,
        "MODEL" => video.Model is null ? null : DisplayText.ShortModel(video.Model),
        "PROMPT" => video.Prompt,
        "DURATION" => video.Duration,
        "ASPECTRATIO" => video.AspectRatio,
        "RESOLUTION" => video.Resolution,
        "IMAGE" => video.Image is null ? null : Path.GetFileNameWithoutExtension(video.Image),
        "CREATED" => video.Created,
        "ROW" => video.Row,
        "TAKE" => video.Take ?? 1,
        "FILENAME" => video.FileName,
        _ => null,
    };

    private static string Text(object? value, string? format, string name)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException(name.Equals("Id", StringComparison.OrdinalIgnoreCase)
                ? "{Id} is known only after the submission. Use it with Save-ChuiziVideo."
                : $"{{{name}}} has no value. Use a column of the row, or Model, Prompt, Duration, AspectRatio, Resolution, Image, Row, "
                    + "Take or Id.");
        }

        if (format is null)
        {
            return text;
        }

        IFormattable? formattable = value as IFormattable
            ?? (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) ? number
                : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time
                : null);
        try
        {
            return formattable?.ToString(format, CultureInfo.InvariantCulture)
                ?? throw new FormatException($"{{{name}:{format}}} needs a number or a date, but the value is '{text}'.");
        }
        catch (FormatException exception) when (formattable is not null)
        {
            throw new FormatException($"{{{name}:{format}}} cannot format the value '{text}'.", exception);
        }
    }
}
