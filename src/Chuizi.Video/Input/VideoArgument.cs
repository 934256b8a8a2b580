using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Module.Input;

/// <summary>
/// Reads the input of the cmdlets that accept videos. A video, live or deserialized, is used with all its properties. Of any other object
/// only the id is used; only a string is an id by itself.
/// </summary>
internal static class VideoArgument
{
    // The most likely mistake is a row number in the column Id. The API's ids are longer.
    private const int LongestRowNumber = 9;

    /// <summary>The video that <paramref name="input"/> is or identifies.</summary>
    /// <exception cref="FormatException">There is no id; the message says what was found instead.</exception>
    public static Video Read(PSObject? input)
    {
        switch (input?.BaseObject)
        {
            case null:
                throw new FormatException("Expected a video, but got null.");
            case Video video:
                // PowerShell converts null to an empty string.
                video.Id = string.IsNullOrEmpty(video.Id) ? null : video.Id;
                return video;
            case string text:
                return FromId(text, null);
        }

        if (IsVideo(input))
        {
            return Revive(input);
        }

        object? id = Value(input, "Id") ?? Value(input, "VideoId");
        return id switch
        {
            null => throw new FormatException($"This {TypeName(input)} has no Id{Columns(input)}."),
            string text when text.Length <= LongestRowNumber && text.All(char.IsAsciiDigit) && text.Length > 0 =>
                throw new FormatException($"The Id '{text}' is a number, not a video id."),
            string text => FromId(text, input),
            _ => throw new FormatException($"The Id of this {TypeName(input)} is {id} ({id.GetType().Name}), not a video id."),
        };
    }

    /// <summary>Whether the object is a video, live or deserialized.</summary>
    public static bool IsVideo(PSObject input) => input.BaseObject is Video || input.TypeNames.Contains("Deserialized.Chuizi.Video.Video");

    /// <summary>Whether the value specified as an id is an API key, which no error may show.</summary>
    public static bool HoldsKey(object? input) => input switch
    {
        string text => SecretRedactor.HoldsKey(text),
        PSObject { BaseObject: string text } => SecretRedactor.HoldsKey(text),
        PSObject row => (Value(row, "Id") ?? Value(row, "VideoId")) is string id && SecretRedactor.HoldsKey(id),
        _ => false,
    };

    /// <summary>A video with this id.</summary>
    /// <exception cref="FormatException">The value cannot be an id.</exception>
    public static Video FromId(object? id, object? row)
    {
        string trimmed = id switch
        {
            null => "",
            string text => text.Trim(),
            // PowerShell parses digits on the command line as a number.
            int or long => string.Create(CultureInfo.InvariantCulture, $"{id}"),
            Video video => video.Id ?? "",
            System.Collections.IList list => throw new FormatException($"Expected one id, but got {list.Count}."),
            _ => throw new FormatException($"{ValueReader.Quote(id)} ({id.GetType().Name}) is not a video id."),
        };
        if (trimmed.Length == 0)
        {
            throw new FormatException("The video id is empty.");
        }

        if (SecretRedactor.HoldsKey(trimmed))
        {
            throw new FormatException("This is an API key, not a video id.");
        }

        return IsId(trimmed)
            ? new Video { Id = trimmed, Input = row }
            : throw new FormatException($"{ValueReader.Quote(trimmed)} is not a video id.");
    }

    /// <summary>
    /// Whether a string can be an id. Surrounding white space comes from the source list, and <c>@{</c> is the start of a row converted to
    /// a string.
    /// </summary>
    public static bool IsId(string? text) =>
        VideoId.IsValid(text) && text == text.Trim() && !text.StartsWith("@{", StringComparison.Ordinal);

    private static Video Revive(PSObject input) => new()
    {
        Id = Get<string>(input, nameof(Video.Id)),
        Status = Get<string>(input, nameof(Video.Status)) ?? VideoStatus.Processing,
        Model = Get<string>(input, nameof(Video.Model)),
        Prompt = Get<string>(input, nameof(Video.Prompt)),
        Duration = Get<int?>(input, nameof(Video.Duration)),
        AspectRatio = Get<string>(input, nameof(Video.AspectRatio)),
        Resolution = Get<string>(input, nameof(Video.Resolution)),
        Image = Get<string>(input, nameof(Video.Image)),
        ReferenceImage = Get<string[]>(input, nameof(Video.ReferenceImage)),
        SourceVideo = Get<string>(input, nameof(Video.SourceVideo)),
        Watermark = Get<bool?>(input, nameof(Video.Watermark)),
        Url = Get<Uri>(input, nameof(Video.Url)),
        Cost = Get<decimal?>(input, nameof(Video.Cost)),
        EstimatedCost = Get<decimal?>(input, nameof(Video.EstimatedCost)),
        Latency = Get<double?>(input, nameof(Video.Latency)),
        Created = Get<DateTime?>(input, nameof(Video.Created))?.ToUniversalTime(),
        Finished = Get<DateTime?>(input, nameof(Video.Finished))?.ToUniversalTime(),
        Error = input.Properties[nameof(Video.Error)]?.Value is PSObject error ? new VideoError
        {
            Message = Get<string>(error, nameof(VideoError.Message)),
            Type = Get<string>(error, nameof(VideoError.Type)),
            Code = Get<string>(error, nameof(VideoError.Code)),
        }
        : null,
        RequestId = Get<string>(input, nameof(Video.RequestId)),
        FileName = Get<string>(input, nameof(Video.FileName)),
        Path = Get<string>(input, nameof(Video.Path)),
        Size = Get<long?>(input, nameof(Video.Size)),
        Sha256 = Get<string>(input, nameof(Video.Sha256)),
        Ledger = Get<string>(input, nameof(Video.Ledger)),
        Origin = Get<string>(input, nameof(Video.Origin)),
        Row = Get<int?>(input, nameof(Video.Row)),
        Take = Get<int?>(input, nameof(Video.Take)),
        Verdict = Get<string>(input, nameof(Video.Verdict)),
        Rating = Get<int?>(input, nameof(Video.Rating)),
        Note = Get<string>(input, nameof(Video.Note)),
        Input = input.Properties[nameof(Video.Input)]?.Value,
    };

    private static T? Get<T>(PSObject input, string name) =>
        input.Properties[name]?.Value is { } value && LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out T converted)
            ? converted
            : default;

    private static object? Value(PSObject input, string name)
    {
        // A hashtable of ConvertFrom-Json is case-sensitive.
        object? value = input.BaseObject is System.Collections.IDictionary ? RowReader.Column(input, name) : ReadProperty(input, name);
        return UnwrapPSObject.Shallow(value);
    }

    private static object? ReadProperty(PSObject input, string name)
    {
        try
        {
            return input.Properties[name]?.Value;
        }
        catch (GetValueException)
        {
            return null;
        }
    }

    private static string TypeName(PSObject input) => input.BaseObject is PSCustomObject ? "row" : input.BaseObject.GetType().Name;

    private static string Columns(PSObject input) => input.BaseObject is PSCustomObject
        ? $". Its columns are {string.Join(", ", input.Properties.Select(property => property.Name).Take(10))}"
        : "";
}
