using System.Globalization;

namespace Chuizi.Video.Client.Ledger;

/// <summary>The prompts that a provider has refused. Failures of a service say nothing about a prompt.</summary>
internal sealed class RefusedPrompts
{
    // API contract, layer 2: the errors of a status 5xx, and the limit.
    private static readonly HashSet<string> s_service = new(
        ["internal_error", "provider_error", "provider_unavailable", "provider_timeout", "rate_limit_exceeded"],
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, Video> _byPrompt = new(StringComparer.Ordinal);

    /// <summary>Adds a video of a ledger, if its prompt was refused.</summary>
    public void Add(Video video)
    {
        if (video is { Status: VideoStatus.Failed, Prompt: { Length: > 0 } prompt, Error: { } error }
            && !s_service.Contains(error.Type ?? "")
            && !s_service.Contains(error.Code ?? "")
            && !(_byPrompt.TryGetValue(prompt.Trim(), out Video? known) && known.Created >= video.Created))
        {
            _byPrompt[prompt.Trim()] = video;
        }
    }

    /// <summary>When and why a prompt was refused the last time, as a sentence; null if it never was.</summary>
    public string? Find(string prompt)
    {
        if (!_byPrompt.TryGetValue(prompt.Trim(), out Video? video))
        {
            return null;
        }

        string reason = video.Error!.Message ?? video.Error.Code ?? "no reason was given.";
        return string.Create(
            CultureInfo.InvariantCulture, $"This prompt was refused on {video.Created:yyyy-MM-dd} by {video.Model}: {reason}");
    }
}
