using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>A document of this repository and its fenced blocks.</summary>
internal sealed partial class DocFile
{
    private DocFile(string name)
    {
        Name = name;
        Text = File.ReadAllText(Repository.PathOf(name)).ReplaceLineEndings("\n");
        Sessions = [.. ReadSessions()];
    }

    /// <summary>README.md, the pages of the cmdlets, the about topic, the guides and what is said of security.</summary>
    public static IReadOnlyList<DocFile> All { get; } =
    [
        new("README.md"),
        .. Below("docs/en-US"),
        .. Below("docs/guides"),
        new("docs/security.md"),
    ];

    /// <summary>The path from the repository's root, with slashes.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>Whether it is the page of a cmdlet.</summary>
    public bool IsPage =>
        Name.StartsWith("docs/en-US/", StringComparison.Ordinal) && !Path.GetFileName(Name).StartsWith("about_", StringComparison.Ordinal);

    /// <summary>The examples of a page, the sections of a guide, the whole README.</summary>
    public IReadOnlyList<DocSession> Sessions { get; }

    /// <summary>
    /// As a reader works through it: a page by picking examples, a guide from start to end. A section of a guide in which something goes
    /// wrong on purpose is a session of its own, because that needs a sandbox of the tests.
    /// </summary>
    public IReadOnlyList<DocSession> Reading => IsPage ? Sessions :
    [
        new DocSession(Name, [.. Sessions.Where(session => !session.HasFault).SelectMany(session => session.Blocks)]),
        .. Sessions.Where(session => session.HasFault),
    ];

    public IEnumerable<DocBlock> Blocks => Sessions.SelectMany(session => session.Blocks);

    public static TheoryData<string> Names => [.. All.Select(file => file.Name)];

    public static DocFile Of(string name) => All.Single(file => file.Name == name);

    /// <summary>The text under a heading, down to the next one of its level.</summary>
    public string Section(string heading)
    {
        string level = heading[..heading.IndexOf(' ', StringComparison.Ordinal)];
        int start = Text.IndexOf($"\n{heading}\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, $"{Name} has no '{heading}'");
        int end = Text.IndexOf($"\n{level} ", start + heading.Length, StringComparison.Ordinal);
        return end < 0 ? Text[start..] : Text[start..end];
    }

    private static IEnumerable<DocFile> Below(string folder) =>
        Directory
            .GetFiles(Repository.PathOf(folder), "*.md")
            .Order(StringComparer.Ordinal)
            .Select(path => new DocFile($"{folder}/{Path.GetFileName(path)}"));

    private IEnumerable<DocSession> ReadSessions()
    {
        string border = IsPage ? "### " : Name == "README.md" ? "# " : "## ";
        string name = Name;
        List<DocBlock> blocks = [];
        DocBlock? open = null;
        List<string> text = [];
        string note = "";
        string[] lines = Text.Split('\n');
        for (int index = 0; index < lines.Length; index++)
        {
            string line = lines[index];
            if (open is null && line.StartsWith(border, StringComparison.Ordinal))
            {
                yield return new DocSession(name, blocks);
                (name, blocks) = ($"{Name}, {line[border.Length..]}", []);
            }
            else if (open is null && Fence().Match(line) is { Success: true } fence)
            {
                open = new DocBlock(
                    Name,
                    index + 2,
                    fence.Groups["it"].Value,
                    "",
                    note);
            }
            else if (open is not null && line == "```")
            {
                blocks.Add(open with { Text = string.Join('\n', text) });
                open = null;
                text = [];
            }
            else if (open is not null)
            {
                text.Add(line);
            }

            note = open is null && line.StartsWith("<!--", StringComparison.Ordinal) ? $"{note}{line}\n" : "";
        }

        open.ShouldBeNull($"{Name}: a block has no end");
        yield return new DocSession(name, blocks);
    }

    [GeneratedRegex("^```(?<it>[a-z]*)$", RegexOptions.NonBacktracking)]
    private static partial Regex Fence();
}
