using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// Describes the download that a <c>.part</c> file belongs to. Stored next to it (<c>.part.json</c>), so that another run can resume the
/// download. Whoever has the <c>.part</c> open owns this file as well.
/// </summary>
internal sealed partial record PartState(string Video, string Validator, long? Length)
{
    private const int LongestFile = 64 * 1024;

    /// <summary>The value of <c>If-Range</c>; null if the validator is not strong (RFC 9110, section 13.1.5).</summary>
    [JsonIgnore]
    public RangeConditionHeaderValue? IfRange =>
        RangeConditionHeaderValue.TryParse(Validator, out RangeConditionHeaderValue? parsed) && parsed is not { EntityTag.IsWeak: true }
            ? parsed
            : null;

    /// <summary>Reads the state in a file; null if it does not exist or cannot be read.</summary>
    public static PartState? Read(string path)
    {
        try
        {
            // Not a link, which leads out of the folder, and not a pipe, which has length 0 and blocks when opened.
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= LongestFile }
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PartJson.Default.PartState)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Damaged by a crash: the download restarts.
            return null;
        }
    }

    /// <summary>Replaces the stored state, or deletes it. Call this before writing any byte of the file that it describes.</summary>
    /// <returns>Whether a state is stored now. Without it, the <c>.part</c> can be resumed only in this run.</returns>
    public static bool Replace(string path, PartState? state)
    {
        try
        {
            // Never write into a file that another process has created or linked there.
            File.Delete(path);
            if (state is null)
            {
                return false;
            }

            using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
            JsonSerializer.Serialize(stream, state, PartJson.Default.PartState);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(PartState))]
    private sealed partial class PartJson : JsonSerializerContext;
}
