using System.Globalization;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Sandbox.Standalone;

/// <summary>The arguments of the standalone program.</summary>
internal sealed partial class CommandLine
{
    /// <summary>The port where none is asked for.</summary>
    public const int DefaultPort = 8080;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CommandLine()
    {
    }

    public static string Help { get; } = $"""
        The Chuizi video API on this machine: offline and free.

          dotnet run --project src/Chuizi.Video.Sandbox -- [options]

          --port N                 the API's port on 127.0.0.1 ({DefaultPort}; 0 takes a free one)
          --media-port N           the port of the videos (0: a free one)
          --generation-time S      seconds a video takes (2)
          --requests-per-minute N  limit of submits and polls in any 60 seconds (none)
          --latency MS             milliseconds before every answer of the API (0)
          --key KEY                the key accepted: ck- and 32 letters or digits
          --balance USD            the money on the account (100)
          --help                   this text

        A prompt with the word "forbidden" fails by moderation.

        Any request can ask for a fault of its own:

          {FaultHeader.Name}: KIND; status=503; retry-after=1; at=1000; delay=0.5

        at is a number of bytes, delay and retry-after are seconds. Further settings: code, message, word, location.
        Kinds: {string.Join(", ", FaultHeader.KindNames)}.

        Ctrl+C ends it. Exit codes: 0 ended, 1 a port is taken, 2 bad arguments.
        """;

    public bool WantsHelp { get; private set; }

    public SandboxOptions Options { get; private set; } = new();

    /// <summary>Reads the arguments; on a mistake, null and one line that says what is wrong.</summary>
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
            problem = "--key must be ck- and 32 letters or digits.";
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
                return $"'{arguments[index]}' is not known; --help lists what is.";
            }

            if (parts.Length == 1 && ++index >= arguments.Count)
            {
                return $"{parts[0]} needs a value.";
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
