using System.Globalization;

namespace Chuizi.Video.Sandbox.Standalone;

/// <summary>What the standalone program prints while it runs: how to use it, then a line for each request.</summary>
internal static class ConsoleText
{
    private const string Example = """{"model":"google/veo-3.1-lite","prompt":"A red kite over a lake","duration":5}""";

    /// <summary>The addresses, the key, and commands to try.</summary>
    public static string Start(SandboxServer server) => $$"""
        Chuizi video sandbox, offline and free. Press Ctrl+C to stop. For the options, use --help.

          base address   {{server.BaseAddress}}
          media address  {{server.MediaAddress}}
          key            {{server.ApiKey}}

        Try:

          curl -s {{server.BaseAddress}}/videos/generations -H 'Authorization: Bearer {{server.ApiKey}}' -d '{{Example}}'
          curl -s {{server.BaseAddress}}/videos/ID -H 'Authorization: Bearer {{server.ApiKey}}'
          curl -s -OJ {{server.MediaAddress}}videos/ID.mp4

        """;

    /// <summary>One line per request, without headers, because they contain the key.</summary>
    public static string Line(RecordedRequest request)
    {
        string status = request.Status?.ToString(CultureInfo.InvariantCulture) ?? "dropped";
        string fault = request.Fault is null ? "" : $"  fault {request.Fault}";
        string made = request.Accepted ? $"  created {request.VideoId}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Time:HH:mm:ss.fff} {request.Origin,-5} {request.Method} {request.Path} -> {status}, "
                + $"{request.BytesSent} bytes{made}{fault}");
    }
}
