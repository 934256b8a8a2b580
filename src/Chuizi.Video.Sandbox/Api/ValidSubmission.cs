namespace Chuizi.Video.Sandbox.Api;

/// <summary>The fields of a valid submission, with defaults for those omitted. The duration is in seconds.</summary>
internal sealed record ValidSubmission(string Model, string Prompt, decimal Duration, string Resolution, string AspectRatio);
