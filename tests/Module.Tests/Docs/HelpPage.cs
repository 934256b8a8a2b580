using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>A cmdlet's page, split into the parts that Get-Help shows.</summary>
internal sealed partial class HelpPage
{
    private readonly DocFile _file;
    private readonly Dictionary<string, string> _sections = [];
    private readonly Dictionary<(string Section, string Name), string> _parts = [];

    public HelpPage(string document)
    {
        _file = DocFile.Of(document);
        (string section, string name) = ("", "");
        bool inCode = false;
        List<string> text = [];
        foreach (string line in Comment().Replace(_file.Text, "").Split('\n').Append("## "))
        {
            inCode ^= line.StartsWith("```", StringComparison.Ordinal);
            if (inCode || Heading().Match(line) is not { Success: true } heading)
            {
                text.Add(line);
                continue;
            }

            string body = string.Join('\n', text).Trim('\n');
            if (name.Length > 0)
            {
                _parts[(section, name)] = body;
            }
            else
            {
                _sections[section] = body;
            }

            text = [];
            bool isSection = heading.Groups["level"].Value == "##";
            section = isSection ? heading.Groups["it"].Value : section;
            name = isSection ? "" : heading.Groups["it"].Value;
        }
    }

    public string Cmdlet => Path.GetFileNameWithoutExtension(_file.Name);

    /// <summary>The address in the front matter of the page.</summary>
    public string HelpUri => UriLine().Match(_file.Text).Groups["it"].Value;

    /// <summary>The text under a level-2 heading, up to the first level-3 heading.</summary>
    public string this[string section] => _sections[section];

    /// <summary>The level-3 headings of a section with their texts, in order.</summary>
    public IReadOnlyList<(string Name, string Text)> Parts(string section) =>
        [.. _parts.Where(part => part.Key.Section == section).Select(part => (part.Key.Name, part.Value))];

    /// <summary>The parameters with their texts and defaults.</summary>
    public IReadOnlyList<(string Name, string Text, string Default)> Parameters =>
    [
        .. Parts("PARAMETERS").Where(part => part.Name.StartsWith('-'))
            .Select(part => (part.Name[1..], part.Text.Split("```yaml")[0], DefaultLine().Match(part.Text).Groups["it"].Value)),
    ];

    /// <summary>The words of a text, in order, without anything that only markdown or only a terminal has.</summary>
    public static string Words(string text)
    {
        string plain = TableHead().Replace(Comment().Replace(text, ""), "");
        plain = Link().Replace(plain, "${it}");
        plain = Fence().Replace(plain, "");
        plain = Bullet().Replace(plain, "");
        plain = plain.Replace("What to do: ", "", StringComparison.Ordinal);
        plain = Mark().Replace(plain, "");
        return string.Join(' ', plain.Split([' ', '\n', '\r', '|'], StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex("^(?<level>###?) (?<it>.*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    // Marks for the tests, which readers do not see.
    [GeneratedRegex("^<!--.*-->\n+", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex("^HelpUri: (?<it>.*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex UriLine();

    [GeneratedRegex("^DefaultValue: '?(?<it>[^'\n]*)'?$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex DefaultLine();

    [GeneratedRegex(@"^\|.*\n\| ---.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TableHead();

    [GeneratedRegex(@"\[(?<it>[^\]]+)\]\([^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Fence();

    [GeneratedRegex("[`'\"<>]", RegexOptions.NonBacktracking)]
    private static partial Regex Mark();

    [GeneratedRegex("^ *- ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Bullet();
}
