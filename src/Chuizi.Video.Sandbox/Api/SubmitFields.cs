namespace Chuizi.Video.Sandbox.Api;

/// <summary>The fields of a submission. Of images and videos only the number is kept, because they can be large.</summary>
internal sealed class SubmitFields
{
    public string? Model { get; set; }

    public string? Prompt { get; set; }

    public decimal? Duration { get; set; }

    public bool HasImage { get; set; }

    public int References { get; set; }

    public bool HasSourceVideo { get; set; }

    public string? Resolution { get; set; }

    public string? AspectRatio { get; set; }
}
