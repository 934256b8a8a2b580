using System.Globalization;
using System.Text.RegularExpressions;
using Chuizi.Video.Sandbox.Faults;

namespace Chuizi.Video.Sandbox.Standalone;

/// <summary>The arguments of the standalone program.</summary>
internal sealed partial class CommandLine
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 8080;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CommandLine()
    {
    }

    public static string Help { get; } = $"""
        Runs the Chuizi video API on this machine, offline and free.

          dotnet run --project src/Chuizi.Video.Sandbox -- [options]

          --port N                 port of the API on 127.0.0.1 (default {DefaultPort}; 0 for a free port)
          --media-port N           port of the videos (default: a free port)
          --generation-time S      seconds until a video is finished (default 2)
          --requests-per-minute N  submissions and polls allowed in any 60 seconds (default: no limit)
          --latency MS             delay before every API response in milliseconds (default 0)
          --key KEY                the accepted API key: ck- followed by 32 letters or digits
          --balance USD            initial balance of the account in USD (default 100)
          --help                   shows this help

        A prompt with the word "forbidden" is rejected by moderation, and its video fails.

        To inject a fault into a request, add a header:

          {FaultHeader.Name}: KIND; status=503; retry-after=1; at=1000; delay=0.5

        at is in bytes; delay and retry-after are in seconds. Other settings: code, message, word, location.
        Kinds: {string.Join(", ", FaultHeader.KindNames)}.

        Press Ctrl+C to stop. Exit codes: 0 stopped, 1 port not available, 2 invalid arguments.
        """;

    public bool WantsHelp { get; private set; }

    public SandboxOptions Options { get; private set; } = new();

    /// <summary>Parses the arguments. If one is invalid, returns null and a one-line error message.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> arguments, Action<RecordedRequest> requestFinished, out string problem)
    {
        var line = new CommandLine();
        problem = line.Collect(arguments);
        if (problem.Length > 0)
        {
            return null;
        }

        int port = DefaultPort;
        int mediaPort = 0;
        double seconds = 2;
        int requests = 0;
        double latency = 0;
        decimal balance = 100;
        bool isGood =
            line.Read("--port", IsPort, ref port, ref problem)
            && line.Read("--media-port", IsPort, ref mediaPort, ref problem)
            && line.Read("--generation-time", number => number is >= 0 and <= 1_000_000, ref seconds, ref problem)
            && line.Read("--requests-per-minute", number => number > 0, ref requests, ref problem)
            && line.Read("--latency", number => number is >= 0 and <= 1_000_000, ref latency, ref problem)
            && line.Read("--balance", number => number >= 0, ref balance, ref problem);
        string key = line._values.GetValueOrDefault("--key", SandboxServer.DefaultApiKey);
        if (isGood && !Key().IsMatch(key))
        {
            problem = "--key must be ck- followed by 32 letters or digits.";
            isGood = false;
        }

        line.Options = new SandboxOptions
        {
            Port = port,
            MediaPort = mediaPort,
            GenerationTime = TimeSpan.FromSeconds(isGood ? seconds : 0),
            RequestsPerMinute = requests > 0 ? requests : null,
            Latency = TimeSpan.FromMilliseconds(isGood ? latency : 0),
            ApiKey = key,
            Balance = balance,
            RequestFinished = requestFinished,
        };
        return isGood ? line : null;
    }

    private static bool IsPort(int number) => number is >= 0 and <= ushort.MaxValue;

    private string Collect(IReadOnlyList<string> arguments)
    {
        HashSet<string> known = ["--port", "--media-port", "--generation-time", "--requests-per-minute", "--latency", "--key", "--balance"];
        for (int index = 0; index < arguments.Count; index++)
        {
            string[] parts = arguments[index].Split('=', 2);
            if (parts[0] is "--help" or "-h" or "-?")
            {
                WantsHelp = true;
                continue;
            }

            if (!known.Contains(parts[0]))
            {
                return $"'{arguments[index]}' is not a valid option. For a list, use --help.";
            }

            if (parts.Length == 1 && ++index >= arguments.Count)
            {
                return $"{parts[0]} requires a value.";
            }

            _values[parts[0]] = parts.Length == 2 ? parts[1] : arguments[index];
        }

        return "";
    }

    private bool Read<T>(string name, Func<T, bool> isGood, ref T number, ref string problem)
        where T : IParsable<T>
    {
        if (!_values.TryGetValue(name, out string? text))
        {
            return true;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out T? value) && isGood(value))
        {
            number = value;
            return true;
        }

        problem = $"{name} does not take '{text}'.";
        return false;
    }

    [GeneratedRegex("^ck-[A-Za-z0-9]{32}\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
