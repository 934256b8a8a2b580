using System.Text.RegularExpressions;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// Removes secrets from text before it is shown or recorded: API keys, user names and passwords in URLs, bearer tokens, and the signatures
/// that give access to a URL. .NET's own messages contain some of them, such as the password of a proxy.
/// </summary>
internal static partial class SecretRedactor
{
    /// <summary><paramref name="text"/> with <paramref name="key"/>, and everything that looks like a secret, masked.</summary>
    public static string Mask(string text, string? key = null)
    {
        text = MaskKeys(text, key);
        // One of these is in every URL with a secret. Most prompts have neither, and searching them twice would take long.
        if (text.AsSpan().ContainsAny(':', '='))
        {
            text = UserInfo().Replace(text, "${before}***@");
            text = Signature().Replace(text, "${before}***");
        }

        return Token().Replace(text, "${before}***");
    }

    /// <summary>
    /// <paramref name="text"/> with API keys masked only, for text that is used afterwards, such as a response with signed URLs.
    /// </summary>
    public static string MaskKeys(string text, string? key = null)
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

    // RFC 3986, section 3.2.1: everything between the scheme and the last @ before the path.
    [GeneratedRegex(@"(?<before>[A-Za-z][A-Za-z0-9+.-]*://)[^/?#\s'""<>]+@", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    // Credentials in a header, as messages and some responses quote them.
    [GeneratedRegex(
        @"(?<before>\b(Bearer|(Proxy-)?Authorization:\s*\w+)\s+)[A-Za-z0-9._~+/=-]{16,}",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    // The signature and the tokens of Azure SAS, AWS, Google, Alibaba and Tencent URLs.
    [GeneratedRegex(
        @"(?<before>[?&;]((x-amz-|x-goog-|x-oss-|q-)?signature|sig|(x-amz-|x-oss-|x-cos-)?security-token|policy|(access_)?token)=)"
            + @"[^&\s'""#<>]+",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Signature();

    // The contract's key is ck- and 32 letters or digits; a truncated or longer one is just as secret.
    [GeneratedRegex("(?<before>^|[^A-Za-z0-9])ck-[A-Za-z0-9]{8,}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AnyKey();

    [GeneratedRegex(
        "(^|[^A-Za-z0-9])ck-[A-Za-z0-9]{32}($|[^A-Za-z0-9])",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Key();
}
