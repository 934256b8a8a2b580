namespace Chuizi.Video.Sandbox.Api;

/// <summary>A valid submit with its defaults filled in; the duration in seconds.</summary>
internal sealed record SubmitPlan(string Model, string Prompt, decimal Duration, string Resolution, string AspectRatio);
