using System.Globalization;

namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// The prompts of videos that were refused: of jobs that failed, and of rejected requests whose error is about the prompt. Any other error
/// of a rejected request may be about another of its fields.
/// </summary>
internal sealed class RefusedPrompts
{
    // API contract, layer 2: the errors of the service, the account and the model.
    private static readonly HashSet<string> s_others = new(
        ["internal_error", "provider_error", "provider_unavailable", "provider_timeout", "rate_limit_exceeded", "invalid_api_key",
            "insufficient_balance", "model_not_allowed", "ip_not_allowed", "daily_limit_exceeded", "model_not_found",
            "generation_not_found"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] s_aboutPrompt = ["prompt", "policy", "moderation", "safety", "sensitive", "inappropriate", "content_"];

    private readonly Dictionary<string, Video> _byPrompt = new(StringComparer.Ordinal);

    /// <summary>Adds a video of a ledger, if it was refused.</summary>
    public void Add(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Prompt: { Length: > 0 } prompt, Error: { } error }
            && (video.Id is not null || IsAboutPrompt(error.Code) || IsAboutPrompt(error.Message))
            && !s_others.Contains(error.Type ?? "")
            && !s_others.Contains(error.Code ?? "")
            && !(_byPrompt.TryGetValue(prompt.Trim(), out Video? known) && known.Created >= video.Created))
        {
            _byPrompt[prompt.Trim()] = video;
        }
    }

    /// <summary>When and why a video with a prompt was refused the last time, as a sentence; null if it never was.</summary>
    public string? Find(string prompt)
    {
        if (!_byPrompt.TryGetValue(prompt.Trim(), out Video? video))
        {
            return null;
        }

        string reason = video.Error!.Message ?? video.Error.Code ?? "no reason was given.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A video with this prompt was refused on {video.Created:yyyy-MM-dd} by {video.Model}: {reason}");
    }

    private static bool IsAboutPrompt(string? text) =>
        text is not null && Array.Exists(s_aboutPrompt, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
