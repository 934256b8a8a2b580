using System.Text.Json;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>
/// Reads the body of a submission (API contract, layer 1; aliases from layer 2) without copying its images. A null
/// member counts as omitted; unknown members are ignored, as gateways do.
/// </summary>
internal static class SubmitReader
{
    /// <summary>The fields, or the error to return.</summary>
    public static (SubmitFields? Fields, ApiError? Error) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return (null, ApiError.Validation("The body must be a JSON object."));
            }

            var fields = new SubmitFields();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                string? problem = reader.TokenType == JsonTokenType.Null ? null : ReadField(ref reader, name, fields);
                if (problem is not null)
                {
                    return (null, ApiError.Validation(problem));
                }
            }

            // Throws if anything follows the object.
            reader.Read();
            return (fields, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, ApiError.Validation("The body is not valid JSON."));
        }
    }

    private static string? ReadField(ref Utf8JsonReader reader, string name, SubmitFields fields)
    {
        switch (name)
        {
            case "model":
                return ReadText(ref reader, name, text => fields.Model = text);
            case "prompt":
                return ReadText(ref reader, name, text => fields.Prompt = text);
            case "resolution":
                return ReadText(ref reader, name, text => fields.Resolution = text);
            case "aspect_ratio":
                return ReadText(ref reader, name, text => fields.AspectRatio = text);
            case "duration":
                return ReadDuration(ref reader, fields);
            case "image" or "image_url":
                fields.HasImage = true;
                return SubmitUrls.CheckImage(ref reader, name);
            case "video_url":
                fields.HasSourceVideo = true;
                return SubmitUrls.CheckVideo(ref reader, name);
            case "reference_image_urls":
                return ReadReferences(ref reader, name, fields);
            case "watermark":
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "watermark must be true or false.";
            default:
                reader.Skip();
                return null;
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader, string name, Action<string> set)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return $"{name} must be a string.";
        }

        set(reader.GetString()!);
        return null;
    }

    private static string? ReadDuration(ref Utf8JsonReader reader, SubmitFields fields)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out decimal seconds) || seconds <= 0)
        {
            return "duration must be a positive number of seconds.";
        }

        fields.Duration = seconds;
        return null;
    }

    private static string? ReadReferences(ref Utf8JsonReader reader, string name, SubmitFields fields)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return $"{name} must be an array of strings.";
        }

        fields.References = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (SubmitUrls.CheckImage(ref reader, $"{name}[{fields.References}]") is string problem)
            {
                return problem;
            }

            fields.References++;
        }

        return null;
    }
}
