using System.Text;
using System.Text.RegularExpressions;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Rows;

/// <summary>
/// Matches the headers of spreadsheets to the columns of a row, regardless of case, spaces, punctuation and a unit in brackets, and with
/// the usual synonyms. For typed objects only <see cref="ExactNames"/> counts: their <c>Length</c> may mean bytes.
/// </summary>
internal static partial class ColumnNames
{
    public const string FileName = "FileName";
    public const string AdditionalBody = "AdditionalBody";
    public const string TakeCount = "TakeCount";

    /// <summary>
    /// The columns, with their names as fields (mostly the API's: API contract, layers 1 and 2) and synonyms in normalized form.
    /// </summary>
    private static readonly (string Name, string[] Fields, string[] Synonyms)[] s_columns =
    [
        ("Prompt", [], ["prompttext", "textprompt", "videoprompt"]),
        ("Model", [], ["modelname", "modelid", "aimodel", "videomodel"]),
        ("Duration", [], ["length", "seconds", "secs", "sec", "durationseconds", "durationsecs", "durationsec", "durationins", "durations",
            "durationinseconds", "lengthseconds", "lengthsecs", "lengthsec", "lengthinseconds", "videolength", "videoduration",
            "cliplength", "clipduration"]),
        ("Image", ["image_url"], ["imageuri", "imagepath", "imagefile", "sourceimage", "sourceimageurl", "inputimage", "startimage",
            "startframe", "firstframe"]),
        ("ReferenceImage", ["reference_image_urls"], ["referenceimages", "referenceimageurl", "references", "refimage", "refimages"]),
        ("SourceVideo", ["video_url"], ["sourcevideourl", "sourceclip", "inputvideo"]),
        ("AspectRatio", ["aspect_ratio"], ["ratio", "aspect", "videoratio"]),
        ("Resolution", [], ["videoresolution"]),
        ("Watermark", [], []),
        (AdditionalBody, ["Parameter"], ["parameters"]),
        ("EstimatedCost", ["estimated_cost"], ["estimate", "costestimate", "expectedcost"]),
        (TakeCount, ["take_count"], ["takes", "numberoftakes", "nooftakes"]),
        (FileName, [], ["name", "file", "outputfile", "outputname", "outfile", "videoname"]),
    ];

    private static readonly Dictionary<string, string> s_byKey = s_columns
        .SelectMany(column => column.Fields.Select(Normalize).Concat(column.Synonyms).Prepend(Normalize(column.Name))
            .Select(key => (key, column.Name)))
        .DistinctBy(pair => pair.key)
        .ToDictionary(pair => pair.key, pair => pair.Name, StringComparer.Ordinal);

    /// <summary>The names of the columns.</summary>
    public static IEnumerable<string> All => s_columns.Select(column => column.Name);

    /// <summary>The names by which a column is found in a row of any type: its own and its names as a field.</summary>
    public static IEnumerable<string> ExactNames(string name) =>
        s_columns.Where(column => column.Name == name).SelectMany(column => column.Fields.Prepend(column.Name));

    /// <summary>The column that a header means; null if it means none.</summary>
    public static string? Of(string header) => s_byKey.GetValueOrDefault(Normalize(header));

    /// <summary>Whether a header is the name of its column in another spelling, so that what it means needs no explanation.</summary>
    public static bool IsOwnName(string header, string column) =>
        column.Equals(string.Concat(header.Where(char.IsLetterOrDigit)), StringComparison.OrdinalIgnoreCase)
        || ExactNames(column).Contains(header, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The column whose name a header contains without meaning it, such as Duration in "Old duration"; null without one. FileName is never
    /// mentioned, nor anything by a <c>body.*</c> header.
    /// </summary>
    public static string? MentionedIn(string header)
    {
        string key = Normalize(header);
        // The longest name first, so that "ReferenceImage 2" does not mention Image.
        return s_byKey.ContainsKey(key) || header.StartsWith(BodyPrefix, StringComparison.OrdinalIgnoreCase)
            ? null
            : s_columns.Select(column => column.Name)
                .Where(name => name is not FileName && key.Contains(Normalize(name), StringComparison.Ordinal))
                .MaxBy(name => name.Length);
    }

    /// <summary>The prefix of columns with extra fields of the body, such as <c>body.seed</c>.</summary>
    public const string BodyPrefix = "body.";

    /// <summary>A header in lowercase letters and digits, without a unit in brackets.</summary>
    private static string Normalize(string header)
    {
        string text = Unit().Replace(NormalForm.Of(header, NormalizationForm.FormKC), "");
        return string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
    }

    [GeneratedRegex(
        @"[\(\[]\s*(?:s|sec|secs|second|seconds|in seconds|usd|\$|url|path|px|w:h)\s*[\)\]]\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000)]
    private static partial Regex Unit();
}
