using System.Globalization;

namespace Chuizi.Video.Sandbox.Faults;

/// <summary>
/// Reads the header with which any client can request a fault:
/// <c>X-Sandbox-Fault: kind; status=503; retry-after=1; at=1000; delay=0.5; word=…; code=…; message=…; location=…</c>.
/// Kinds are written like <c>drop-after-acceptance</c>.
/// </summary>
internal static class FaultHeader
{
    public const string Name = "X-Sandbox-Fault";

    private static readonly Dictionary<string, FaultKind> s_kinds = Enum.GetValues<FaultKind>()
        .ToDictionary(kind => Kebab(kind.ToString()), StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of the kinds as written in the header.</summary>
    public static IEnumerable<string> KindNames => s_kinds.Keys;

    /// <summary>Parses the value of the header; false and an error message if it is invalid.</summary>
    public static bool TryParse(string value, out SandboxFault? fault, out string problem)
    {
        fault = null;
        problem = "";
        string[] parts = value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !s_kinds.TryGetValue(parts[0], out FaultKind kind))
        {
            problem = $"{Name}: unknown fault. Use one of these: {string.Join(", ", KindNames)}.";
            return false;
        }

        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in parts[1..])
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            settings[equals < 0 ? part : part[..equals].TrimEnd()] = equals < 0 ? "" : part[(equals + 1)..].Trim();
        }

        try
        {
            fault = Read(kind, settings);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            problem = $"{Name}: a setting is not a valid number or URL.";
            return false;
        }

        if (settings.Count == 0 && fault.At >= 0 && fault.Status is 0 or (>= 200 and <= 599))
        {
            return true;
        }

        problem = $"{Name}: {settings.Keys.FirstOrDefault() ?? "a number"} is not a valid setting, or is out of range.";
        fault = null;
        return false;
    }

    // Removes the known settings. Any that remain are invalid.
    private static SandboxFault Read(FaultKind kind, Dictionary<string, string> settings)
    {
        return new SandboxFault
        {
            Kind = kind,
            Status = Take("status") is string status ? int.Parse(status, CultureInfo.InvariantCulture) : 0,
            At = Take("at") is string at ? long.Parse(at, CultureInfo.InvariantCulture) : 0,
            Delay = Take("delay") is string delay ? Seconds(delay) : TimeSpan.Zero,
            RetryAfter = Take("retry-after") is string after ? Seconds(after) : null,
            Word = Take("word"),
            Code = Take("code"),
            Message = Take("message"),
            Location = Take("location") is string location ? new Uri(location, UriKind.Absolute) : null,
        };

        string? Take(string name) => settings.Remove(name, out string? text) ? text : null;
    }

    // A decimal, because a double can also be NaN. No sign is allowed.
    private static TimeSpan Seconds(string text) =>
        TimeSpan.FromSeconds((double)decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));

    private static string Kebab(string name)
    {
        // ETag counts as one word.
        name = name.Replace("ETag", "Etag", StringComparison.Ordinal);
        return string.Concat(
            name.Select(
                (letter, index) =>
                    index > 0 && char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
    }
}
