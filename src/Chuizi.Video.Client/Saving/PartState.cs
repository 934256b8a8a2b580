using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// What a <c>.part</c> file is the beginning of. It is stored beside it (<c>.part.json</c>), so that another run can continue the download.
/// Having the <c>.part</c> file open locks this one as well.
/// </summary>
internal sealed partial record PartState(string Video, string Validator, long? Length)
{
    private const int LongestFile = 64 * 1024;

    /// <summary>The value of <c>If-Range</c>; null where the validator is not a strong one (RFC 9110, section 13.1.5).</summary>
    [JsonIgnore]
    public RangeConditionHeaderValue? IfRange =>
        RangeConditionHeaderValue.TryParse(Validator, out RangeConditionHeaderValue? parsed) && parsed is not { EntityTag.IsWeak: true }
            ? parsed
            : null;

    /// <summary>The state in that file; null where it does not exist or cannot be read.</summary>
    public static PartState? Read(string path)
    {
        try
        {
            // Not a link, which leads out of the folder, and not a pipe, whose length is 0 and whose opening would block.
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= LongestFile }
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PartJson.Default.PartState)
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Torn by a crash: the download starts again.
            return null;
        }
    }

    /// <summary>
    /// Whether what was written then is certainly on the disk: what was written before the machine last started may have been lost in a
    /// crash, and read as zeros.
    /// </summary>
    public static bool IsOnDisk(DateTime written) => written >= DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Replaces the stored state, or deletes it. To be done before any byte of what it describes is written.</summary>
    /// <returns>Whether a state is stored now; without it the <c>.part</c> can be continued in this run only.</returns>
    public static bool Replace(string path, PartState? state)
    {
        try
        {
            // Never into a file that another process has put or linked there.
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
