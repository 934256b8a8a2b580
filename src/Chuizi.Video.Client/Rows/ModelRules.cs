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
            warn("Image", $"{model} is a {model.Type} model and may ignore Image.");
        }

        if (model.RequiresSourceVideo && request.SourceVideo is null && !Extra(request, "video_url"))
        {
            fail("SourceVideo", $"{model} requires a source video. Specify SourceVideo with an http or https URL.");
        }
        else if (!model.RequiresSourceVideo && request.SourceVideo is not null)
        {
            warn("SourceVideo", $"{model} is a {model.Type} model and may ignore SourceVideo.");
        }

        CheckReferences(model, request, fail, warn);
        CheckDuration(model, request, fail, warn);
        CheckAdvice(model, request, warn);
    }

    private static void CheckReferences(VideoModel model, VideoRequest request, Action<string, string> fail, Action<string, string> warn)
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
            warn("ReferenceImage", $"{model} is a {model.Type} model and may ignore ReferenceImage.");
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
