using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The about topics, which Get-Help shows as they are.</summary>
public sealed partial class AboutTopicTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("about_Chuizi_Video")]
    [InlineData("about_Chuizi_Video_Errors")]
    public void Get_Help_shows_the_text_of_the_page(string topic)
    {
        string shown = _shell.Run($"Get-Help {topic}").ShouldBeClean().Output.Single().ToString()!;

        HelpPage.Words(shown).ShouldBe(HelpPage.Words($"TOPIC\n{Heading().Replace(PageOf(topic).Text, "")}"));
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("about_Chuizi_Video")]
    [InlineData("about_Chuizi_Video_Errors")]
    public void The_committed_topic_is_generated_from_its_page_and_fits_80_columns(string topic)
    {
        string made = Path.Combine(_shell.Folder, "made.txt");
        _shell
            .Run(
                "param($tool, $page, $made) function Write-Host { } ; & $tool -Page $page -Destination $made",
                ("tool", Repository.PathOf("tools", "Help", "Update-AboutTopic.ps1")),
                ("page", Repository.PathOf(PageOf(topic).Name)),
                ("made", made))
            .ShouldBeClean();

        File.ReadAllText(made)
            .ShouldBe(
                File.ReadAllText(Repository.PathOf("src", "Chuizi.Video", "en-US", $"{topic}.help.txt")),
                "run ./build.ps1 Docs to generate it again");
        File.ReadAllLines(made).Where(line => line.Length > 78).ShouldBeEmpty();
    }

    [Fact]
    public void Every_error_id_is_explained_with_what_it_costs_and_what_to_do_next()
    {
        string[] ids =
        [
            .. Enum.GetNames<ChuiziErrorKind>(),
            .. Directory
                .GetFiles(Repository.PathOf("src", "Chuizi.Video"), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => OwnId().Matches(File.ReadAllText(file)))
                .Select(match => match.Groups["id"].Value),
        ];

        Dictionary<string, string> explained = ErrorItem()
            .Matches(PageOf("about_Chuizi_Video_Errors").Text)
            .ToDictionary(match => match.Groups["id"].Value, match => match.Groups["text"].Value);
        explained.Keys.ShouldBe(ids.Distinct(), ignoreOrder: true);
        explained.Values.ShouldAllBe(text => MoneyAndNext().IsMatch(text));
    }

    [Fact]
    public void It_lists_every_cmdlet_and_only_URLs_of_this_project()
    {
        string text = PageOf("about_Chuizi_Video").Text;
        foreach (PSObject cmdlet in _shell.Run("(Get-Command -Module Chuizi.Video).Name").ShouldBeClean().Output)
        {
            text.ShouldContain($"[{cmdlet}]({cmdlet}.md)");
        }

        string project = _shell
            .Run($"(Test-ModuleManifest '{Repository.Module}').ProjectUri.AbsoluteUri")
            .ShouldBeClean()
            .Output.Single()
            .ToString()!;
        Address()
            .Matches(text)
            .Select(match => match.Value)
            .ShouldAllBe(address => address.StartsWith(project + "/", StringComparison.Ordinal));
    }

    private static DocFile PageOf(string topic) => DocFile.Of($"docs/en-US/{topic}.md");

    [GeneratedRegex("\"(?<id>[A-Z][A-Za-z]+)\",\\s*ErrorCategory\\.|Refuse\\(\"(?<id>[A-Z][A-Za-z]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex OwnId();

    [GeneratedRegex("^- `(?<id>\\w+)`: (?<text>.+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex ErrorItem();

    [GeneratedRegex("\\. Money: .+\\. Next: .+\\.$", RegexOptions.NonBacktracking)]
    private static partial Regex MoneyAndNext();

    [GeneratedRegex("^## |\\A# ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"https://\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
