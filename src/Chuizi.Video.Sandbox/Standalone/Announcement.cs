using System.Globalization;

namespace Chuizi.Video.Sandbox.Standalone;

/// <summary>What the standalone program prints.</summary>
internal static class Announcement
{
    private const string Example = """{"model":"google/veo-3.1-lite","prompt":"A red kite over a lake","duration":5}""";

    public static string Start(SandboxServer server) => $$"""
        Chuizi video sandbox, offline and free. Ctrl+C ends it; --help tells more.

          base address   {{server.BaseAddress}}
          media address  {{server.MediaAddress}}
          key            {{server.ApiKey}}

        Try:

          curl -s {{server.BaseAddress}}/videos/generations -H 'Authorization: Bearer {{server.ApiKey}}' -d '{{Example}}'
          curl -s {{server.BaseAddress}}/videos/ID -H 'Authorization: Bearer {{server.ApiKey}}'
          curl -s -OJ {{server.MediaAddress}}videos/ID.mp4

        """;

    /// <summary>One line a request; without headers, since they hold the key.</summary>
    public static string Line(RecordedRequest request)
    {
        string status = request.Status?.ToString(CultureInfo.InvariantCulture) ?? "dropped";
        string fault = request.Fault is null ? "" : $"  fault {request.Fault}";
        string made = request.Accepted ? $"  made {request.VideoId}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Time:HH:mm:ss.fff} {request.Origin,-5} {request.Method} {request.Path} -> {status}, "
                + $"{request.BytesSent} bytes{made}{fault}");
    }
}
