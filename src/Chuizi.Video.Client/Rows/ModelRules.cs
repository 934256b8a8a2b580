using Chuizi.Video.Client.Models;

namespace Chuizi.Video.Client.Rows;

/// <summary>Checks what a known model requires (API contract, layer 1: errors) and what its provider advises (layer 3: warnings).</summary>
internal static class ModelRules
{
    public static void Check(VideoModel model, VideoRequest request, Action<string, string> fail, Action<string, string> warn)
    {
        bool imageGiven = request.Image is not null || Extra(request, "image") || Extra(request, "image_url");
        if (model.RequiresImage && !imageGiven)
        {
            fail("Image", $"{model} requires an image. Specify Image with an http or https URL or a local file.");
        }
        else if (!model.RequiresImage && imageGiven)
        {
            Misfit("Image", other => other.RequiresImage);
        }

        if (model.RequiresSourceVideo && request.SourceVideo is null && !Extra(request, "video_url"))
        {
            fail("SourceVideo", $"{model} requires a source video. Specify SourceVideo with an http or https URL.");
        }
        else if (!model.RequiresSourceVideo && request.SourceVideo is not null)
        {
            Misfit("SourceVideo", other => other.RequiresSourceVideo);
        }

        CheckReferences(model, request, fail, Misfit);
        CheckDuration(model, request, fail, warn);
        CheckAdvice(model, request, warn);

        // A text-to-video model would be billed for a video without the image.
        void Misfit(string column, Func<VideoModel, bool> fits)
        {
            // Extra fields are sent whatever they are.
            bool isExtra = column == "Image" && request.Image is null;
            if (model.Type == "text-to-video" && !isExtra)
            {
                string[] others = [.. ModelCatalogue.All.Where(fits).Select(other => other.Name)];
                fail(column, $"{model} is a text-to-video model and cannot use {column}. Use {Or(others)}.");
            }
            else
            {
                warn(column, $"{model} is {(model.Type.StartsWith('i') ? "an" : "a")} {model.Type} model and may ignore {column}.");
            }
        }
    }

    private static void CheckReferences(
        VideoModel model, VideoRequest request, Action<string, string> fail, Action<string, Func<VideoModel, bool>> misfit)
    {
        int count = request.ReferenceImages.Count;
        if (count < model.MinimumReferenceImages && !Extra(request, "reference_image_urls"))
        {
            fail(
                "ReferenceImage",
                $"{model} requires {model.MinimumReferenceImages} to {model.MaximumReferenceImages} reference images. "
                    + "Specify ReferenceImage.");
        }
        else if (model.MaximumReferenceImages > 0 && count > model.MaximumReferenceImages)
        {
            fail("ReferenceImage", $"ReferenceImage has {count} images, but {model} accepts at most {model.MaximumReferenceImages}.");
        }
        else if (model.MaximumReferenceImages == 0 && count > 0)
        {
            misfit("ReferenceImage", other => other.MaximumReferenceImages > 0);
        }
    }

    private static void CheckDuration(VideoModel model, VideoRequest request, Action<string, string> fail, Action<string, string> warn)
    {
        if (request.Duration is not { } seconds)
        {
            return;
        }

        if (seconds > model.MaximumDuration)
        {
            fail("Duration", $"Duration {seconds} is too long for {model}, which accepts at most {model.MaximumDuration} seconds.");
        }
        else if (model.Durations.Length > 0 && !model.Durations.Contains(seconds))
        {
            warn("Duration", $"According to its provider, {model} supports {Or(model.Durations)} seconds. Duration {seconds} is sent "
                + "unchanged.");
        }
        else if (seconds < model.MinimumDuration)
        {
            warn("Duration", $"According to its provider, {model} requires at least {model.MinimumDuration} seconds. Duration {seconds} "
                + "is sent unchanged.");
        }
    }

    private static void CheckAdvice(VideoModel model, VideoRequest request, Action<string, string> warn)
    {
        if (
            request.Resolution is { } resolution
            && model.Resolutions.Length > 0
            && !model.Resolutions.Contains(resolution, StringComparer.OrdinalIgnoreCase))
        {
            warn("Resolution", $"According to its provider, {model} supports resolution {Or(model.Resolutions)}. '{resolution}' is sent "
                + "unchanged.");
        }

        if (request.AspectRatio is { } ratio)
        {
            if (model.AspectRatios.Length > 0 && !model.AspectRatios.Contains(ratio))
            {
                warn("AspectRatio", $"According to its provider, {model} supports aspect ratio {Or(model.AspectRatios)}. '{ratio}' is "
                    + "sent unchanged.");
            }
            else if (model.RequiresImage)
            {
                warn("AspectRatio", $"{model} uses the aspect ratio of the image and may ignore '{ratio}'.");
            }
        }

        if (request.Prompt.Length > model.MaximumPromptLength)
        {
            warn(
                "Prompt",
                $"According to its provider, {model} accepts up to {model.MaximumPromptLength} characters. The prompt has "
                    + $"{request.Prompt.Length} and is sent unchanged.");
        }

        if (request.Image?.File is { Width: { } width, Height: { } height })
        {
            if (Math.Min(width, height) < model.MinimumImageSide)
            {
                warn(
                    "Image",
                    $"According to its provider, {model} requires images of at least {model.MinimumImageSide} pixels per side. "
                        + $"This image is {width} by {height} pixels and is sent unchanged.");
            }
            else if (Math.Max(width, height) > model.MaximumImageSide)
            {
                warn(
                    "Image",
                    $"According to its provider, {model} accepts images of at most {model.MaximumImageSide} pixels per side. "
                        + $"This image is {width} by {height} pixels and is sent unchanged.");
            }
        }
    }

    private static bool Extra(VideoRequest request, string field) => request.Parameters.ContainsKey(field);

    private static string Or<T>(IReadOnlyList<T> values) =>
        values.Count == 1 ? $"{values[0]}" : $"{string.Join(", ", values.Take(values.Count - 1))} or {values[^1]}";
}
