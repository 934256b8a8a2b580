using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chuizi.Video.Client.Saving;

/// <summary>
/// What a <c>.part</c> file is the beginning of. It lies beside it (<c>.part.json</c>), so that another run can go on. Whoever has the
/// <c>.part</c> file open has this one too.
/// </summary>
internal sealed partial record PartState(string Video, string Validator, long? Length)
{
    private const int LongestFile = 64 * 1024;

    /// <summary>What <c>If-Range</c> says of it; null where it is nothing to rely on (RFC 9110, section 13.1.5).</summary>
    [JsonIgnore]
    public RangeConditionHeaderValue? Condition =>
        RangeConditionHeaderValue.TryParse(Validator, out RangeConditionHeaderValue? condition) && condition is not { EntityTag.IsWeak: true } ? condition : null;

    /// <summary>The state in that file; null where there is none that can be read.</summary>
    public static PartState? Read(string path)
    {
        try
        {
            // A link leads out of the folder; a pipe, which is empty, would be waited for.
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= LongestFile } ? JsonSerializer.Deserialize(File.ReadAllBytes(path), PartJson.Default.PartState) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Torn by a crash: the download begins anew.
            return null;
        }
    }

    /// <summary>Whether what was written then is on the disk for sure: what was on its way there when the machine went down may be zeros.</summary>
    public static bool IsOnDisk(DateTime written) => written >= DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <summary>Puts a state, or none, in the place of what is there. To be done before any byte of what it describes is written.</summary>
    /// <returns>Whether it is there now; without it the <c>.part</c> can be continued in this run alone.</returns>
    public static bool Replace(string path, PartState? state)
    {
        try
        {
            // Never into a file that another has put or linked there.
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
