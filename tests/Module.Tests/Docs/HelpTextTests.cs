namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>How the tool behind <c>./build.ps1 Docs</c> converts markdown to help text.</summary>
public sealed class HelpTextTests(SharedShell shell) : IClassFixture<SharedShell>
{
    [Theory]
    [InlineData("a `New-ChuiziVideo` and `-Timeout`", "a New-ChuiziVideo and -Timeout")]
    [InlineData("the status `failed`, and `_` for `name (2).mp4`", "the status 'failed', and '_' for 'name (2).mp4'")]
    [InlineData("as text (`\"$video\"`), `{ 'a b' }`", "as text (\"$video\"), { 'a b' }")]
    [InlineData("[The guide](../guides/a.md), [`Get-Help`](b.md), **not** 2 * 3 * 4", "The guide, Get-Help, not 2 * 3 * 4")]
    public void Code_marks_become_quotes_only_where_needed(string markdown, string text) => Made(markdown).ShouldBe([text]);

    [Fact]
    public void Lines_of_a_paragraph_are_joined_and_paragraphs_stay_separate() =>
        Made("one\ntwo\n\n<!-- no -->\nthree").ShouldBe(["one two", "three"]);

    [Fact]
    public void A_table_becomes_terms_with_indented_explanations() =>
        Made("| Error id | What it means | What to do |\n| --- | --- | --- |\n| `NoInput` * | Empty. | Look. |\n| `B` | Odd. | `Stop`. |")
            .ShouldBe(["NoInput *\n    Empty.\n    What to do: Look.\n'B'\n    Odd.\n    What to do: Stop."]);

    [Fact]
    public void A_property_table_shows_types_as_Get_Help_does() =>
        Made(
                "| Property | Type | What it holds |\n| --- | --- | --- |\n| `Id` | string[] | "
                    + string.Concat(Enumerable.Repeat("words ", 12))
                    + "|")
            .ShouldBe(["Id <string[]>\n    words words words words words words words words words words words\n    words"]);

    [Fact]
    public void A_list_stays_a_list_and_code_is_indented_below_its_text() =>
        Made("- one\n  and more\n- two\n\nSo:\n\n```text\na\n\n  b\n```\nend")
            .ShouldBe(["- one and more\n- two", "So:\n\n    a\n\n      b", "end"]);

    [Fact]
    public void An_unclosed_code_block_extends_to_the_end() => Made("So:\n```text\na").ShouldBe(["So:\n\n    a"]);

    private string[] Made(string markdown) =>
        [
            .. shell
                .Run(
                    "param($tool, $markdown) . $tool; ConvertTo-HelpText $markdown",
                    ("tool", Repository.PathOf("tools", "Help", "HelpText.ps1")),
                    ("markdown", markdown))
                .ShouldBeClean()
                .Output.Select(item => item.ToString()!),
        ];
}
