namespace Chuizi.Video.EngineHost;

/// <summary>What to run: a file with its arguments, or a command text. Switches of pwsh that change nothing here are taken and ignored.</summary>
internal sealed record HostArguments(string? File, string? Command, IReadOnlyList<string> Rest)
{
    public const string Usage = "Usage: EngineHost [-NoProfile] [-NonInteractive] [-File] script.ps1 [arguments] | -c 'command'";

    /// <summary>The arguments; null where they make no sense.</summary>
    public static HostArguments? Parse(IReadOnlyList<string> args)
    {
        for (int at = 0; at < args.Count; at++)
        {
            switch (args[at].ToUpperInvariant())
            {
                case "-NOPROFILE" or "-NOLOGO" or "-NONINTERACTIVE":
                    continue;
                case "-C" or "-COMMAND":
                    return at + 1 < args.Count ? new HostArguments(null, string.Join(' ', args.Skip(at + 1)), []) : null;
                case "-F" or "-FILE":
                    return at + 1 < args.Count ? new HostArguments(args[at + 1], null, [.. args.Skip(at + 2)]) : null;
                default:
                    return args[at].StartsWith('-') ? null : new HostArguments(args[at], null, [.. args.Skip(at + 1)]);
            }
        }

        return null;
    }
}
