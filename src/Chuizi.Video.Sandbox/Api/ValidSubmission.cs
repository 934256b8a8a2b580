namespace Chuizi.Video.Sandbox.Api;

/// <summary>A valid submission with its defaults. The duration is in seconds.</summary>
internal sealed record ValidSubmission(string Model, string Prompt, decimal Duration, string Resolution, string AspectRatio);
