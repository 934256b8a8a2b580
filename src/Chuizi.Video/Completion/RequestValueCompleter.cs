using System.Globalization;
using System.Management.Automation;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Client.Rows;

namespace Chuizi.Video.Module.Completion;

/// <summary>
/// Completes -Model, -Duration, -AspectRatio, -Resolution and -Watermark of New-ChuiziVideo. -Model takes the media and the other values
/// into account; -Duration, -AspectRatio and -Resolution take the model.
/// </summary>
public sealed class RequestValueCompleter : Completer
{
    internal override IEnumerable<CompletionResult> Complete(CompletionRequest request)
    {
        TypedInput input = Read(request.Line, request.Parameter);
        return Offer(request.Word, request.Parameter switch
        {
            "Model" => ParameterCompletions.Models(input),
            "Duration" => ParameterCompletions.Durations(input),
            "AspectRatio" => ParameterCompletions.AspectRatios(input),
            "Resolution" => ParameterCompletions.Resolutions(input),
            "Watermark" =>
            [
                new CompletionItem("false", "without the watermark of the provider"),
                new CompletionItem("true", "with the watermark of the provider"),
            ],
            _ => [],
        });
    }

    /// <summary>The other parameters, without the one being completed.</summary>
    private static TypedInput Read(TypedLine line, string completed)
    {
        string? seconds = completed == "Duration" ? null : line.Text("Duration");
        return new TypedInput
        {
            Model = line.IsUnknown("Model") ? null : line.Text("Model") ?? ModelCatalogue.DefaultFor(
                line.Has("Image", "image_url"), line.Has("ReferenceImage", "reference_image_urls"), line.Has("SourceVideo", "video_url")),
            HasImage = line.Has("Image", "image_url"),
            HasReferenceImage = line.Has("ReferenceImage", "reference_image_urls"),
            HasSourceVideo = line.Has("SourceVideo", "video_url"),
            Duration = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : null,
            AspectRatio = completed == "AspectRatio" ? null : line.Text("AspectRatio", "aspect_ratio"),
            Resolution = completed == "Resolution" ? null : line.Text("Resolution"),
        };
    }
}
