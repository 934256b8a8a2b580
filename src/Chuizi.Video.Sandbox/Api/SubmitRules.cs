using System.Globalization;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Sandbox.Media;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>
/// Validates the fields of a submission by layer 1 of the API contract, and fills in the defaults. Layer 3, the
/// recommendations of the providers, is not enforced.
/// </summary>
internal sealed class SubmitRules(IReadOnlyList<string>? allowedModels)
{
    private const int DefaultDuration = 5;
    private const int DefaultNovaDuration = 6;

    /// <summary>A ratio beyond 4:1 or 1:4 is rejected, because the encoder cannot create such a picture.</summary>
    private const int MostExtremeRatio = 4;

    private static readonly Dictionary<string, VideoModel> s_models =
        ModelCatalogue.All.ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>The submission, or the first error.</summary>
    public (ValidSubmission? Submission, ApiError? Error) Apply(SubmitFields fields)
    {
        if (string.IsNullOrWhiteSpace(fields.Model))
        {
            return (null, ApiError.Validation("model is required."));
        }

        if (!s_models.TryGetValue(fields.Model, out VideoModel? model))
        {
            return (null, new ApiError(404, "model_not_found", $"The model '{fields.Model}' does not exist."));
        }

        if (allowedModels?.Contains(model.Name, StringComparer.Ordinal) == false)
        {
            return (null, new ApiError(403, "model_not_allowed", $"The API key may not use the model '{model.Name}'."));
        }

        string ratio = fields.AspectRatio ?? "16:9";
        string resolution = (fields.Resolution ?? "720P").ToUpperInvariant();
        string? problem = Prompt(fields) ?? Duration(fields, model) ?? Inputs(fields, model) ?? Picture(resolution, ratio);
        if (problem is not null)
        {
            return (null, ApiError.Validation(problem));
        }

        return (new ValidSubmission(model.Name, fields.Prompt!, Length(fields, model), resolution, ratio), null);
    }

    private static bool IsEdit(VideoModel model) => model.RequiresSourceVideo;

    // An edit is as long as its source, which the sandbox does not open. So its length is the requested or default one, up to the maximum.
    private static decimal Length(SubmitFields fields, VideoModel model)
    {
        int usual = model.Name.Contains("nova-reel", StringComparison.Ordinal) ? DefaultNovaDuration : DefaultDuration;
        return Math.Min(fields.Duration ?? usual, model.MaximumDuration ?? decimal.MaxValue);
    }

    private static string? Prompt(SubmitFields fields) =>
        string.IsNullOrWhiteSpace(fields.Prompt) ? "prompt is required." : null;

    private static string? Duration(SubmitFields fields, VideoModel model) =>
        !IsEdit(model) && fields.Duration > model.MaximumDuration
            ? string.Create(CultureInfo.InvariantCulture, $"duration must be at most {model.MaximumDuration} for '{model.Name}'.")
            : null;

    private static string? Inputs(SubmitFields fields, VideoModel model)
    {
        if (model.RequiresImage && !fields.HasImage)
        {
            return $"image is required for '{model.Name}'.";
        }

        if (model.RequiresSourceVideo && !fields.HasSourceVideo)
        {
            return $"video_url is required for '{model.Name}'.";
        }

        if (fields.References < model.MinimumReferenceImages)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"reference_image_urls must have at least {model.MinimumReferenceImages} for '{model.Name}'.");
        }

        return fields.References > model.MaximumReferenceImages
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"reference_image_urls must have at most {model.MaximumReferenceImages} for '{model.Name}'.")
            : null;
    }

    private static string? Picture(string resolution, string ratio)
    {
        if (resolution is not ("720P" or "1080P"))
        {
            return "resolution must be 720P or 1080P.";
        }

        return AspectRatio.TryParse(ratio, out int width, out int height)
            && (long)width <= (long)height * MostExtremeRatio
            && (long)height <= (long)width * MostExtremeRatio
                ? null
                : "aspect_ratio must be two numbers like 16:9, between 1:4 and 4:1.";
    }
}
