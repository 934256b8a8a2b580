using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// Get-Help shows what the pages say. When a test fails after a page has changed, run <c>./build.ps1 Docs</c> to generate the help.
/// </summary>
public sealed partial class HelpTests(SharedShell shell) : IClassFixture<SharedShell>
{
    /// <summary>
    /// The usable width of an 80-column window, whose last column stays free. Get-Help indents by 4, or by 8 under a subheading, and
    /// breaks longer lines anywhere.
    /// </summary>
    private const int Usable = 79;

    public static TheoryData<string> Pages => DocumentTests.Pages;

    [Theory]
    [MemberData(nameof(Pages))]
    public void Synopsis_description_and_notes_match_the_page(string document)
    {
        HelpPage page = new(document);
        PSObject help = HelpOf(page.Cmdlet);

        Text(help, "Synopsis").ShouldBe(page["SYNOPSIS"]);
        Told(help, "description").ShouldBe(HelpPage.Words(page["DESCRIPTION"]));
        Told(help, "alertSet", "alert").ShouldBe(HelpPage.Words(page["NOTES"]));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Parameters_match_the_page_and_the_cmdlet(string document)
    {
        HelpPage page = new(document);
        CmdletInfo cmdlet = (CmdletInfo)Run($"Get-Command {page.Cmdlet}").Single().BaseObject;
        PSObject[] told = Items(HelpOf(page.Cmdlet), "parameters", "parameter");

        told.Select(parameter => Text(parameter, "name")).ShouldBe(page.Parameters.Select(parameter => parameter.Name));
        foreach ((PSObject parameter, (string name, string text, string value)) in told.Zip(page.Parameters))
        {
            Told(parameter, "description").ShouldBe(HelpPage.Words(text), name);
            Text(parameter, "defaultValue").ShouldBe(value.Length > 0 ? value : "None", name);
            ParameterMetadata real = cmdlet.Parameters[name];
            Text(parameter, "required").ShouldBe(real.ParameterSets.Values.Any(set => set.IsMandatory) ? "true" : "false", name);
            Text(parameter, "pipelineInput").ShouldBe(Pipeline([.. real.ParameterSets.Values]), name);
            Text(parameter, "aliases").ShouldBe(real.Aliases.Count > 0 ? string.Join(", ", real.Aliases) : "none", name);
            Text(parameter, "globbing").ShouldBe(real.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false", name);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Inputs_and_outputs_match_the_page(string document)
    {
        HelpPage page = new(document);
        PSObject help = HelpOf(page.Cmdlet);

        foreach (
            (string section, PSObject[] told) in new[]
            {
                ("INPUTS", Items(help, "inputTypes", "inputType")),
                ("OUTPUTS", Items(help, "returnValues", "returnValue")),
            })
        {
            told.Select(item => (Text(item, "type", "name"), Told(item, "description")))
                .ShouldBe(page.Parts(section).Select(part => (part.Name, HelpPage.Words(part.Text))), section);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_match_the_page_with_code_separate_from_remarks(string document)
    {
        HelpPage page = new(document);
        PSObject[] told = Items(HelpOf(page.Cmdlet), "examples", "example");

        told.Length.ShouldBe(page.Parts("EXAMPLES").Count);
        foreach ((PSObject example, (string name, string text)) in told.Zip(page.Parts("EXAMPLES")))
        {
            Match block = CodeBlock().Match(text);
            block.Index.ShouldBe(0, name);
            Text(example, "title").ShouldContain(name);
            Text(example, "code").ReplaceLineEndings("\n").ShouldBe(block.Groups["it"].Value, name);
            Told(example, "remarks").ShouldBe(HelpPage.Words(text[block.Length..]), name);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void No_preformatted_line_wraps_in_an_80_column_window(string document)
    {
        PSObject help = HelpOf(new HelpPage(document).Cmdlet);
        foreach (PSObject example in Items(help, "examples", "example"))
        {
            Fits([Text(example, "title"), Text(example, "code"), .. Broken(example, "remarks")], Usable - 4);
        }

        Fits(Broken(help, "description"), Usable - 4);
        Fits(
            [
                .. Broken(help, "alertSet", "alert"),
                .. Items(help, "returnValues", "returnValue").SelectMany(item => Broken(item, "description")),
            ],
            Usable - 8);

        static void Fits(IEnumerable<string> texts, int width) =>
            texts.SelectMany(text => text.ReplaceLineEndings("\n").Split('\n')).Where(line => line.Length > width).ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [MemberData(nameof(Pages))]
    public void Get_Help_shows_every_section_complete_examples_and_no_markdown(string document)
    {
        HelpPage page = new(document);
        string[] lines =
        [
            .. Text(Run($"Get-Help {page.Cmdlet} -Full | Out-String -Width {Usable}").Single())
                .ReplaceLineEndings("\n")
                .Split('\n')
                .Select(line => line.TrimEnd()),
        ];

        foreach (
            string heading in (string[])
                ["NAME", "SYNOPSIS", "SYNTAX", "DESCRIPTION", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"])
        {
            int at = Array.IndexOf(lines, heading);
            at.ShouldBeGreaterThanOrEqualTo(0, heading);
            lines[(at + 1)..(at + 4)].ShouldContain(line => line.StartsWith("  ", StringComparison.Ordinal), heading);
        }

        foreach (
            string code in page.Parts("EXAMPLES")
                .SelectMany(part => CodeBlock().Match(part.Text).Groups["it"].Value.Split('\n'))
                .Where(line => line.Length > 0))
        {
            lines.ShouldContain("    " + code.TrimEnd());
        }

        lines
            .Where(line =>
                line.Contains('`', StringComparison.Ordinal)
                || line.Contains("](", StringComparison.Ordinal)
                || line.TrimStart().StartsWith('|'))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_online_help_address_is_the_same_everywhere(string document)
    {
        HelpPage page = new(document);
        string project = Text(Run($"(Test-ModuleManifest '{Repository.Module}').ProjectUri.AbsoluteUri").Single());
        PSObject[] links = Items(HelpOf(page.Cmdlet), "relatedLinks", "navigationLink");

        page.HelpUri.ShouldBe($"{project}/blob/main/{document}");
        CmdletInfo cmdlet = (CmdletInfo)Run($"Get-Command {page.Cmdlet}").Single().BaseObject;
        cmdlet
            .ImplementingType.GetCustomAttributes(typeof(CmdletAttribute), false)
            .Cast<CmdletAttribute>()
            .Single()
            .HelpUri.ShouldBe(page.HelpUri);
        Text(links[0], "uri").ShouldBe(page.HelpUri);
        links
            .Skip(1)
            .Select(link => Text(link, "linkText"))
            .ShouldBe(LinkLine().Matches(page["RELATED LINKS"]).Select(link => link.Groups["name"].Value));
        foreach ((PSObject link, Match line) in links.Skip(1).Zip(LinkLine().Matches(page["RELATED LINKS"])))
        {
            bool isOfHelp = !line.Groups["to"].Value.Contains('/', StringComparison.Ordinal);
            Text(link, "uri").ShouldBe(isOfHelp ? "" : new Uri(new Uri(page.HelpUri), line.Groups["to"].Value).AbsoluteUri);
        }
    }

    private static string Pipeline(IReadOnlyList<ParameterSetMetadata> sets)
    {
        string[] ways = [.. Ways()];
        return ways.Length > 0 ? $"true ({string.Join(", ", ways)})" : "false";

        IEnumerable<string> Ways()
        {
            if (sets.Any(set => set.ValueFromPipeline))
            {
                yield return "ByValue";
            }

            if (sets.Any(set => set.ValueFromPipelineByPropertyName))
            {
                yield return "ByPropertyName";
            }
        }
    }

    /// <summary>The words of all paragraphs.</summary>
    private static string Told(PSObject parent, params string[] path) =>
        HelpPage.Words(string.Join('\n', Items(parent, path).Select(item => Text(item, "Text"))));

    /// <summary>The paragraphs that contain line breaks, from the first line break on.</summary>
    private static IEnumerable<string> Broken(PSObject parent, params string[] path) =>
        Items(parent, path)
            .Select(item => Text(item, "Text").Trim().ReplaceLineEndings("\n"))
            .Where(text => text.Contains('\n', StringComparison.Ordinal))
            .Select(text => text[text.IndexOf('\n', StringComparison.Ordinal)..]);

    private static string Text(PSObject parent, params string[] path) => Items(parent, path) is [PSObject one] ? one.ToString() : "";

    private static PSObject[] Items(PSObject parent, params string[] path)
    {
        IEnumerable<PSObject> items = [parent];
        foreach (string name in path)
        {
            items = items.SelectMany(item =>
                item.Properties[name]?.Value is { } value
                    ? LanguagePrimitives.GetEnumerable(value)?.Cast<object>().Select(PSObject.AsPSObject) ?? [PSObject.AsPSObject(value)]
                    : []);
        }

        return [.. items];
    }

    private PSObject HelpOf(string cmdlet) => Run($"Get-Help {cmdlet} -Full").Single();

    private IReadOnlyList<PSObject> Run(string script) => shell.Run(script).ShouldBeClean().Output;

    [GeneratedRegex(@"^```powershell\n(?<it>(?:.|\n)*?)\n```", RegexOptions.None, 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^- \[(?<name>.*)\]\((?<to>.*)\)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex LinkLine();
}
