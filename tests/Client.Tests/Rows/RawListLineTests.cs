using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class RawListLineTests
{
    [Theory]
    [InlineData("Prompt", true)]
    [InlineData("prompt", true)]
    [InlineData("\"Prompt\"", true)]
    [InlineData("\uFEFFPrompt", true)]
    [InlineData("Prompt,Aspect Ratio", true)]
    [InlineData("Prompt;Duration (s)", true)]
    [InlineData("Scene\tPrompt", true)]
    [InlineData("A prompt, model in a red dress", false)]
    [InlineData("Prompt, please, a red kite over a quiet lake", false)]
    [InlineData("A red kite", false)]
    public void The_header_of_a_list_is_recognized(string text, bool expected) =>
        RawListLine.IsHeader(text, isLine: true).ShouldBe(expected);

    [Fact]
    public void A_single_word_on_the_command_line_is_a_prompt() => RawListLine.IsHeader("Prompt", isLine: false).ShouldBeFalse();

    [Theory]
    [InlineData("""{"prompt":"a"}""", "JSON")]
    [InlineData("""{"scene":1,"input":{"prompt":"a","model":"b"}}""", "JSON")]
    [InlineData("""{"rows":[{"Prompt":"a"}]},""", "JSON")]
    [InlineData("""["a","b"]""", "JSON")]
    [InlineData("},", "JSON")]
    [InlineData("prompt: A red kite", "YAML")]
    [InlineData("- prompt: A red kite", "YAML")]
    [InlineData("  duration: 4", "YAML")]
    [InlineData("---", "YAML")]
    [InlineData("| Prompt | Model |", "Markdown")]
    [InlineData("|---|---|", "Markdown")]
    [InlineData("## Prompts", "Markdown")]
    [InlineData("- A red kite", "Markdown")]
    [InlineData("<tr><td>A red kite</td></tr>", "HTML")]
    [InlineData("<!DOCTYPE html>", "HTML")]
    [InlineData("</table>", "HTML")]
    [InlineData("""{"scene":"a kite","camera":"slow"}""", null)]
    [InlineData("A red kite: slow, aerial", null)]
    [InlineData("<3 is what the balloon says", null)]
    [InlineData("A kite - and a boat", null)]
    [InlineData("Scene 1:\n- a kite\n- a boat", null)]
    public void A_line_of_another_format_is_recognized(string text, string? expected) =>
        RawListLine.FormatOf(text.Trim()).ShouldBe(expected);

    [Theory]
    [InlineData("prompts.csv", true)]
    [InlineData("lists/my promts.xlsx", true)]
    [InlineData("A kite above a sign that says read.me", false)]
    [InlineData("A long walk to the shop named list.csv", false)]
    [InlineData("kite.png", false)]
    public void The_name_of_a_list_is_recognized(string text, bool expected) => RawListLine.IsFileName(text).ShouldBe(expected);
}
