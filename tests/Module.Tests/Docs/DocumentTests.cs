using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The documents match the module: cmdlets, syntax, properties, error ids, and links to files.</summary>
public sealed partial class DocumentTests(SharedShell shell) : IClassFixture<SharedShell>
{
    public static TheoryData<string> Names => DocFile.Names;

    public static TheoryData<string> Pages => [.. DocFile.All.Where(file => file.IsPage).Select(file => file.Name)];

    [Fact]
    public void The_README_lists_the_cmdlets_that_the_manifest_exports()
    {
        string[] listed =
        [
            .. CmdletRow().Matches(DocFile.Of("README.md").Section("## Cmdlets")).Select(match => match.Groups["it"].Value).Order(),
        ];

        listed.ShouldBe(Exports());
        DocFile.All.Where(file => file.IsPage).Select(file => Path.GetFileNameWithoutExtension(file.Name)).Order().ShouldBe(listed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Links_point_to_files_in_the_repository(string document)
    {
        DocFile file = DocFile.Of(document);
        string folder = Path.GetDirectoryName(Repository.PathOf(document))!;
        foreach (
            string target in Link()
                .Matches(file.Text)
                .Select(match => match.Groups["it"].Value)
                .Where(target => target.Length > 0 && !target.StartsWith("http", StringComparison.Ordinal)))
        {
            File.Exists(Path.Combine(folder, target)).ShouldBeTrue($"{document}: {target}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_the_syntax_of_its_cmdlet(string document)
    {
        string name = Path.GetFileNameWithoutExtension(document);
        string[] real =
        [
            .. shell
                .Run($"(Get-Command {name} -Syntax) -split [char]10")
                .ShouldBeClean()
                .Output.Select(line => Plain(line.ToString()!))
                .Where(line => line.Length > 0)
                .Order(StringComparer.Ordinal),
        ];
        string syntax = DocFile.Of(document).Section("## SYNTAX");
        string[] told = [.. SyntaxBlock().Matches(syntax).Select(match => Plain(match.Groups["it"].Value)).Order(StringComparer.Ordinal)];

        // A parameter of type object takes a value or a script block. Its page shows the type of the value.
        told.Length.ShouldBe(real.Length);
        told.Zip(real, Matches).ShouldAllBe(matches => matches);
        syntax.ShouldNotContain("<Object>");

        static bool Matches(string told, string real) =>
            Regex.IsMatch(told, $"^{Regex.Escape(real).Replace("<Object>", @"<[a-z\[\]]+>", StringComparison.Ordinal)}$", RegexOptions.None, TimeSpan.FromSeconds(5));

        static string Plain(string text) =>
            string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Replace(" [<CommonParameters>]", "", StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_every_section_and_three_examples(string document)
    {
        DocFile page = DocFile.Of(document);
        page.Text.ShouldNotContain("{{", Case.Sensitive);
        ExampleHeading().Count(page.Text).ShouldBeGreaterThanOrEqualTo(3);
        foreach (string heading in new[] { "## SYNOPSIS", "## DESCRIPTION", "## INPUTS", "## OUTPUTS", "## NOTES", "## RELATED LINKS" })
        {
            page.Section(heading).Trim().Length.ShouldBeGreaterThan(heading.Length + 10, $"{document}: {heading}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void OUTPUTS_names_the_type_and_every_property(string document)
    {
        string outputs = DocFile.Of(document).Section("## OUTPUTS");
        CmdletInfo cmdlet = (CmdletInfo)
            shell.Run($"Get-Command {Path.GetFileNameWithoutExtension(document)}").ShouldBeClean().Output.Single().BaseObject;
        Type[] types = [.. cmdlet.OutputType.Select(output => output.Type)];

        OutputType().Matches(outputs).Select(match => match.Groups["it"].Value).ShouldBe(types.Select(type => type.FullName!));
        PropertyRow()
            .Matches(outputs)
            .Select(match => match.Groups["it"].Value)
            .ShouldBe(
                types
                    .Where(type => type.Namespace!.StartsWith("Chuizi", StringComparison.Ordinal))
                    .SelectMany(type => type.GetProperties())
                    .Select(property => property.Name),
                ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Error_ids_on_a_page_exist_in_the_module(string document)
    {
        string source = string.Concat(
            Directory.GetFiles(Repository.PathOf("src", "Chuizi.Video"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] kinds =
        [
            .. File.ReadAllLines(Repository.PathOf("src", "Chuizi.Video.Client", "ChuiziErrorKind.cs"))
                .Select(line => line.Trim().TrimEnd(',')),
        ];
        foreach (
            string id in ErrorRow()
                .Matches(DocFile.Of(document).Section("## NOTES"))
                .SelectMany(row => Code().Matches(row.Groups["it"].Value))
                .Select(match => match.Groups["it"].Value))
        {
            (kinds.Contains(id, StringComparer.Ordinal) || source.Contains($"\"{id}\"", StringComparison.Ordinal)).ShouldBeTrue(id);
        }
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public void The_sandbox_guide_lists_every_fault_and_option()
    {
        string guide = DocFile.Of("docs/guides/sandbox.md").Text;
        string help = ChildProcess
            .Run(
                [PowerShellExecutable.DotNet, Path.ChangeExtension(typeof(SandboxServer).Assembly.Location, ".dll"), "--help"],
                shell.Folder)
            .Output;
        string[] kinds = help.Split("Kinds: ")[1].Split(".\n")[0].ReplaceLineEndings("").TrimEnd('.').Split(", ");

        kinds.Length.ShouldBe(Enum.GetValues<FaultKind>().Length);
        kinds.ShouldAllBe(kind => guide.Contains($"| `{kind}` |", StringComparison.Ordinal));
        OptionName()
            .Matches(help)
            .Select(match => match.Groups["it"].Value)
            .ShouldAllBe(option => guide.Contains($"| `{option}", StringComparison.Ordinal));
    }

    private string[] Exports() =>
        [
            .. shell
                .Run($"(Test-ModuleManifest '{Repository.Module}').ExportedCmdlets.Keys")
                .ShouldBeClean()
                .Output.Select(item => item.ToString()!)
                .Order(),
        ];

    [GeneratedRegex(@"^\| \[(?<it>\w+-\w+)\]", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex CmdletRow();

    [GeneratedRegex(@"\]\((?<it>[^)#]*)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [GeneratedRegex(@"```\n(?<it>[^`]*)\n```", RegexOptions.NonBacktracking)]
    private static partial Regex SyntaxBlock();

    [GeneratedRegex(@"^### Example \d+: \w", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ExampleHeading();

    [GeneratedRegex(@"^### (?<it>\w+\.\S+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex OutputType();

    [GeneratedRegex(@"^\| `(?<it>\w+)` \|", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex PropertyRow();

    [GeneratedRegex(@"^\| (?<it>`[^|]*) \|", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"`(?<it>\w+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex("^  (?<it>--[a-z-]+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex OptionName();
}
