using System.Collections;
using System.Globalization;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Gallery;

/// <summary>The command that submits the request of a video once more.</summary>
internal static class GalleryCommand
{
    private const string Cmdlet = "New-ChuiziVideo";

    private static readonly string[] s_bodies = ["PARAMETER", "ADDITIONALBODY", "PARAMETERS"];

    /// <summary>
    /// The command; null if the page does not have the whole request: a secret in it is masked, an image is a long data URL, or only the id
    /// is known.
    /// </summary>
    public static string? Of(GalleryItem item)
    {
        Video video = item.Video;
        List<string> parts = [Cmdlet];
        Add("Prompt", video.Prompt);
        Add("Model", video.Model);
        if (video.Duration is { } seconds)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"-Duration {seconds}"));
        }

        Add("AspectRatio", video.AspectRatio);
        Add("Resolution", video.Resolution);
        Add("Image", video.Image);
        if (video.ReferenceImage is { Length: > 0 } images)
        {
            parts.Add("-ReferenceImage " + string.Join(", ", images.Select(PowerShellText.SingleQuote)));
        }

        Add("SourceVideo", video.SourceVideo);
        if (video.Watermark is { } isMarked)
        {
            parts.Add(isMarked ? "-Watermark $true" : "-Watermark $false");
        }

        // A table is written as JSON, which the parameter accepts like a cell of a list.
        Add("AdditionalBody", BodyOf(item.Columns));
        string command = string.Join(' ', parts);
        bool isWhole = !string.IsNullOrWhiteSpace(video.Prompt ?? video.Image ?? video.SourceVideo)
            && parts.TrueForAll(part => part.Length <= GalleryText.Longest || part.StartsWith("-Prompt ", StringComparison.Ordinal))
            && Html.Clean(command) == command;
        return isWhole ? command : null;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                parts.Add($"-{name} {PowerShellText.SingleQuote(value)}");
            }
        }
    }

    /// <summary>The extra fields that were sent; an earlier take may have had another seed than the row says.</summary>
    private static string? BodyOf(IDictionary columns) => s_bodies
        .Select(name => columns.Keys.Cast<object>().FirstOrDefault(key => key.ToString()?.ToUpperInvariant() == name))
        .Where(key => key is not null && !string.IsNullOrWhiteSpace(GalleryText.Value(columns[key])))
        .Select(key => GalleryText.Value(columns[key!])).FirstOrDefault();
}
