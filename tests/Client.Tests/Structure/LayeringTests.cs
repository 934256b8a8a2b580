using System.Text.RegularExpressions;
using System.Xml.Linq;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Structure;

public sealed partial class LayeringTests
{
    [Fact]
    public void The_client_does_not_reference_PowerShell()
    {
        string[] sources =
        [
            .. Repository.Sources("src/Chuizi.Video.Client"),
            Path.Combine(Repository.Root, "src/Chuizi.Video.Client/Chuizi.Video.Client.csproj"),
        ];
        sources.Length.ShouldBeGreaterThan(50);
        sources.Where(path => File.ReadAllText(path).Contains("System.Management.Automation", StringComparison.Ordinal)).ShouldBeEmpty();
        sources.Where(path => File.ReadAllText(path).Contains("PowerShellStandard", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_client_and_the_sandbox_depend_only_on_the_runtime()
    {
        References(typeof(ChuiziClient)).ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
        References(typeof(ChuiziClient)).ShouldNotContain("System.Management.Automation");
        References(typeof(SandboxServer))
            .ShouldAllBe(name => name == "Chuizi.Video.Client" || name.StartsWith("System.", StringComparison.Ordinal));

        static IEnumerable<string> References(Type type) => type.Assembly.GetReferencedAssemblies().Select(name => name.Name!);
    }

    [Theory]
    [InlineData("Chuizi.Video.Client", new string[0])]
    [InlineData("Chuizi.Video.Sandbox", new[] { "Chuizi.Video.Client" })]
    [InlineData("Chuizi.Video", new[] { "Chuizi.Video.Client", "Chuizi.Video.Sandbox" })]
    public void Projects_reference_only_lower_layers(string project, string[] expected) =>
        XDocument
            .Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal)
            .ShouldBe(expected);

    [Fact]
    public void The_sandbox_uses_only_the_model_catalogue_of_the_client() =>
        Repository
            .Sources("src/Chuizi.Video.Sandbox")
            .SelectMany(path => ClientNamespace().Matches(File.ReadAllText(path)).Select(match => match.Value))
            .Distinct()
            .ShouldBe(["using Chuizi.Video.Client.Models"]);

    // String literals in tests, such as a line of JSON or PowerShell, may be wider.
    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        IEnumerable<string> wide = Repository.Sources("src").SelectMany(path => Wide(path, File.ReadAllText(path)))
            .Concat(Repository.Sources("tests").SelectMany(path => Wide(path, Literal().Replace(File.ReadAllText(path), ""))));
        wide.ShouldBeEmpty();

        static IEnumerable<string> Wide(string path, string text) =>
            text.Split('\n').Where(line => line.Length > 140).Select(line => $"{path}: {line.Trim()}");
    }

    [Fact]
    public void No_assertion_is_skipped_because_its_subject_is_null() =>
        Repository.Sources("tests")
            .Where(path => SkippedAssertion().IsMatch(File.ReadAllText(path)))
            .ShouldBeEmpty("write (a?.B).ShouldBe(c): without the parentheses, nothing is asserted if a is null");

    // A one-line delegate or an attribute may share a file with its type; a second class may not.
    [Fact]
    public void A_file_contains_one_type_with_the_name_of_the_file()
    {
        List<string> wrong = [];
        foreach (
            string path in Repository
                .Sources("src")
                .Where(path => Path.GetFileName(path) is not ("Program.cs" or "GlobalSuppressions.cs" or "AssemblyInfo.cs")))
        {
            string[] types = [.. TopLevelType().Matches(File.ReadAllText(path)).Select(match => match.Groups["name"].Value)];
            // Parts of one class may be named Class.Part.cs.
            if (types.Length != 1 || types[0] != Path.GetFileName(path).Split('.')[0])
            {
                wrong.Add($"{path}: {string.Join(", ", types)}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    // A raw string, or the part of a line from the first to the last quotation mark.
    [GeneratedRegex(@"\?\.[\w.!]+\.Should(?!BeNull\()", RegexOptions.None, 10_000)]
    private static partial Regex SkippedAssertion();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\".*\"", RegexOptions.CultureInvariant, 10000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"using Chuizi\.Video\.Client\.\w+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ClientNamespace();

    // With file-scoped namespaces, a top-level type starts in the first column.
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref) )*(?:class|struct|interface|enum|record(?: struct| class)?) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TopLevelType();
}
