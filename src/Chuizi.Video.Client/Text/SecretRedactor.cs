using System.Text.RegularExpressions;

namespace Chuizi.Video.Client.Text;

/// <summary>Removes API keys from text before it is shown or logged.</summary>
internal static partial class SecretRedactor
{
    /// <summary><paramref name="text"/> with <paramref name="key"/>, and everything that looks like a key, masked.</summary>
    public static string Mask(string text, string? key = null)
    {
        if (!string.IsNullOrEmpty(key))
        {
            text = text.Replace(key, "ck-***", StringComparison.Ordinal);
        }

        return AnyKey().Replace(text, "${before}ck-***");
    }

    /// <summary>
    /// Whether <paramref name="text"/> contains a key in the contract's format: ck- and 32 letters or digits (API contract, layer 2).
    /// </summary>
    public static bool HoldsKey(string text) => Key().IsMatch(text);

    // The contract's key is ck- and 32 letters or digits; a truncated or longer one is just as secret.
    [GeneratedRegex("(?<before>^|[^A-Za-z0-9])ck-[A-Za-z0-9]{8,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AnyKey();

    [GeneratedRegex(
        "(^|[^A-Za-z0-9])ck-[A-Za-z0-9]{32}($|[^A-Za-z0-9])",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Key();
}
