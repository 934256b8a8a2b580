using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The mechanisms and tests that docs/security.md and the promises of the README name exist.</summary>
public sealed partial class SecurityDocumentTests
{
    private const string Document = "docs/security.md";

    private static readonly string[] s_tests = [.. Directory.GetFiles(Repository.PathOf("tests"), "*Tests.*", SearchOption.AllDirectories)];

    /// <summary>The rows of the document's tables: threat, protection, where, shown by.</summary>
    private static string[][] Rows =>
        [
            .. DocFile
                .Of(Document)
                .Text.Split('\n')
                .Where(line =>
                    line.StartsWith("| ", StringComparison.Ordinal)
                    && !line.StartsWith("| ---", StringComparison.Ordinal)
                    && !line.StartsWith("| Threat |", StringComparison.Ordinal))
                .Select(line => line.Trim('|').Split(" | ")),
        ];

    [Fact]
    public void Every_row_names_an_existing_mechanism_and_a_test()
    {
        HashSet<string> sources =
        [
            .. Directory
                .GetFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
                .Select(path => Path.GetFileNameWithoutExtension(path)),
        ];
        Rows.Length.ShouldBeGreaterThan(40);
        foreach (string[] row in Rows)
        {
            row.Length.ShouldBe(4, string.Join('|', row));
            string[] mechanisms = [.. Code().Matches(row[2]).Select(match => match.Groups["it"].Value)];
            mechanisms.ShouldNotBeEmpty(row[0]);
            mechanisms.ShouldAllBe(name => sources.Contains(name) || Path.Exists(Repository.PathOf(name)));
            Code().Matches(row[3]).Select(match => match.Groups["it"].Value).ShouldNotBeEmpty(row[0]);
        }
    }

    [Fact]
    public void Every_named_test_exists()
    {
        string[] named = [.. Rows.SelectMany(row => Code().Matches(row[3]).Select(match => match.Groups["it"].Value)).Distinct()];

        named.Length.ShouldBeGreaterThan(60);
        named.Where(name => !IsTest(name)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_promise_of_the_README_names_an_existing_test()
    {
        string[][] promises =
        [
            .. DocFile.Of("README.md").Text.Split("## What you can rely on")[1].Split("\n## ")[0].Split('\n')
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2)
                .Select(line => line.Trim('|').Split(" | ")),
        ];
        promises.Length.ShouldBe(6);
        foreach (string[] promise in promises)
        {
            string[] named = [.. Code().Matches(promise[1]).Select(match => match.Groups["it"].Value)];
            named.ShouldNotBeEmpty(promise[0]);
            named.ShouldAllBe(name => IsTest(name));
        }
    }

    [Theory]
    [InlineData("SecurityDocumentTests.Every_named_test_exists", true)]
    [InlineData("SecurityDocumentTests.Every_named_test", false)]
    [InlineData("OtherTests.Every_named_test_exists", false)]
    [InlineData("SecurityDocumentTests", false)]
    [InlineData("Streams.Tests.ps1: does not hold the key, though all streams are in it", true)]
    [InlineData("Streams.Tests.ps1: does not hold the key", false)]
    public void Only_the_full_name_of_an_existing_test_counts_as_a_test(string name, bool isTest) => IsTest(name).ShouldBe(isTest);

    /// <summary>Whether <c>Class.Method</c> or <c>File.Tests.ps1: name</c> is an existing test.</summary>
    private static bool IsTest(string name)
    {
        Match method = Method().Match(name);
        Match pester = Pester().Match(name);
        (string file, string pattern) =
            method.Success ? ($"{method.Groups["class"].Value}.cs", $@" (Task|void) {Regex.Escape(method.Groups["it"].Value)}\(")
            : pester.Success ? (pester.Groups["file"].Value, $"It '{Regex.Escape(pester.Groups["it"].Value)}'")
            : ("", "");
        return s_tests
            .Where(path => Path.GetFileName(path) == file)
            .Any(path => Regex.IsMatch(File.ReadAllText(path), pattern, RegexOptions.None, TimeSpan.FromSeconds(10)));
    }

    [GeneratedRegex("`(?<it>[^`]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<class>\w+Tests)\.(?<it>\w+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Method();

    [GeneratedRegex(@"^(?<file>\w+\.Tests\.ps1): (?<it>.+)$", RegexOptions.NonBacktracking)]
    private static partial Regex Pester();
}
