using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The topic about_Chuizi_Video, which Get-Help shows as it is.</summary>
public sealed partial class AboutTopicTests : IDisposable
{
    private const string Page = "docs/en-US/about_Chuizi_Video.md";

    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Get_Help_finds_it_and_shows_what_its_page_says()
    {
        string shown = _shell.Run("Get-Help about_Chuizi_Video").ShouldBeClean().Output.Single().ToString()!;

        string body = DocFile.Of(Page).Text;
        HelpPage.Words(shown).ShouldBe(HelpPage.Words($"TOPIC\n{Heading().Replace(body, "")}"));
    }

    [Fact]
    public void It_is_what_the_build_makes_of_its_page()
    {
        string made = Path.Combine(_shell.Folder, "made.txt");
        _shell
            .Run(
                "param($tool, $page, $made) function Write-Host { } ; & $tool -Page $page -Destination $made",
                ("tool", Repository.PathOf("tools", "Help", "Update-AboutTopic.ps1")),
                ("page", Repository.PathOf(Page)),
                ("made", made))
            .ShouldBeClean();

        File.ReadAllText(made)
            .ShouldBe(
                File.ReadAllText(Repository.PathOf("src", "Chuizi.Video", "en-US", "about_Chuizi_Video.help.txt")),
                "./build.ps1 Docs makes it anew");
    }

    [Fact]
    public void It_fits_a_window_of_80_columns() =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(Repository.Module)!, "en-US", "about_Chuizi_Video.help.txt"))
            .Where(line => line.Length > 78)
            .ShouldBeEmpty();

    [Fact]
    public void It_names_every_cmdlet_and_addresses_of_this_project_alone()
    {
        string text = DocFile.Of(Page).Text;
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

    [GeneratedRegex("^## |\\A# ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex(@"https://\S+", RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
