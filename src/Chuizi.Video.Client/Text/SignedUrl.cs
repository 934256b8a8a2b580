using System.Text.RegularExpressions;

namespace Chuizi.Video.Client.Text;

/// <summary>
/// URLs that contain a signature, which gives access for a while: the same file has another signature in each run. A signature is removed
/// only as a complete family of parameters of one service, because a lone parameter may be part of the file's own address.
/// </summary>
internal static partial class SignedUrl
{
    private static readonly Family[] s_families =
    [
        // Azure Storage, shared access signature.
        new(["sig", "sv"], ["st", "se", "sp", "sip", "spr", "sr", "ss", "srt", "si", "sdd", "skoid", "sktid", "skt", "ske", "sks", "skv",
            "saoid", "suoid", "scid", "ses"]),
        // Amazon S3 and compatible, Signature Version 4.
        new(["X-Amz-Signature", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date"],
            ["X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Security-Token"]),
        // Amazon S3, Signature Version 2.
        new(["Signature", "Expires", "AWSAccessKeyId"], ["x-amz-security-token"]),
        // Google Cloud Storage, V4 and V2.
        new(["X-Goog-Signature", "X-Goog-Algorithm", "X-Goog-Credential", "X-Goog-Date"], ["X-Goog-Expires", "X-Goog-SignedHeaders"]),
        new(["Signature", "Expires", "GoogleAccessId"], []),
        // Alibaba Cloud OSS, V4 and V1.
        new(["x-oss-signature", "x-oss-signature-version", "x-oss-credential", "x-oss-date"],
            ["x-oss-expires", "x-oss-security-token", "x-oss-additional-headers"]),
        new(["Signature", "Expires", "OSSAccessKeyId"], ["security-token"]),
        // Tencent Cloud COS.
        new(["q-signature", "q-ak", "q-sign-algorithm", "q-sign-time", "q-key-time"],
            ["q-header-list", "q-url-param-list", "x-cos-security-token"]),
        // Amazon CloudFront, with a canned or a custom policy.
        new(["Signature", "Key-Pair-Id", "Expires"], []),
        new(["Signature", "Key-Pair-Id", "Policy"], []),
    ];

    /// <summary>The URL without a complete signature; the URL unchanged if it has none.</summary>
    public static string WithoutSignature(string url)
    {
        int query = url.IndexOf('?', StringComparison.Ordinal);
        if (query < 0 || !url.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return url;
        }

        int fragment = url.IndexOf('#', query);
        string end = fragment < 0 ? "" : url[fragment..];
        string[] parameters = url[(query + 1)..(fragment < 0 ? url.Length : fragment)].Split('&');
        string[] names = [.. parameters.Select(parameter => parameter.Split('=')[0])];
        // A repeated parameter is ambiguous, so such a URL is not changed.
        Family? family = s_families.FirstOrDefault(each => each.Required.All(name => names.Count(Family.IsSame(name)) == 1)
            && each.Optional.All(name => names.Count(Family.IsSame(name)) <= 1));
        if (family is null)
        {
            return url;
        }

        string rest = string.Join('&', parameters.Where((_, at) => !family.Has(names[at])));
        return url[..query] + (rest.Length > 0 ? "?" + rest : "") + end;
    }

    /// <summary>Whether a secret in the URL was masked, so that the URL cannot be used.</summary>
    public static bool IsMasked(string url) => Masked().IsMatch(url);

    [GeneratedRegex(@"[?&;][^=&]+=\*\*\*|://\*\*\*@", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Masked();

    private sealed record Family(string[] Required, string[] Optional)
    {
        public static Func<string, bool> IsSame(string name) => other => other.Equals(name, StringComparison.OrdinalIgnoreCase);

        public bool Has(string name) => Required.Concat(Optional).Any(IsSame(name));
    }
}
