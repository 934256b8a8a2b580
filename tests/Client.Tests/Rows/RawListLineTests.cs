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

    [Theory]
    [InlineData(".csv")]
    [InlineData(".tsv")]
    [InlineData(".txt")]
    [InlineData(".json")]
    [InlineData(".jsonl")]
    [InlineData(".ndjson")]
    [InlineData(".xlsx")]
    [InlineData(".xls")]
    [InlineData(".ods")]
    [InlineData(".yaml")]
    [InlineData(".yml")]
    [InlineData(".md")]
    [InlineData(".html")]
    [InlineData(".htm")]
    [InlineData(".docx")]
    public void A_list_is_recognized_by_its_extension(string extension)
    {
        RawListLine.IsFileName("prompts" + extension).ShouldBeTrue();
        RawListLine.IsFileName("my new PROMPTS" + extension.ToUpperInvariant()).ShouldBeTrue();
        RawListLine.IsFileName("one of my prompts" + extension).ShouldBeFalse();
        RawListLine.IsFileName("two\nprompts" + extension).ShouldBeFalse();
        RawListLine.IsFileName(new string('a', 259 - extension.Length) + extension).ShouldBeTrue();
        RawListLine.IsFileName(new string('a', 260 - extension.Length) + extension).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Prompt,Model,Notes about the scene and cast", true)]
    [InlineData("Prompt,Model,Notes about the scene and casts", false)]
    [InlineData("Prompt,Scene", true)]
    [InlineData("Prompt,,Scene", false)]
    public void A_header_has_short_cells_that_are_not_empty(string text, bool expected) =>
        RawListLine.IsHeader(text, isLine: true).ShouldBe(expected);

    [Theory]
    [InlineData("[", "JSON")]
    [InlineData("{", "JSON")]
    [InlineData("}", "JSON")]
    [InlineData("},", "JSON")]
    [InlineData("]", "JSON")]
    [InlineData("],", "JSON")]
    [InlineData("\"Prompt\": \"A kite\",", "JSON")]
    [InlineData("""{"rows":[1,{"prompt":"a"}]}""", "JSON")]
    [InlineData("""{"a":{"b":{"c":{"prompt":"a"}}}}""", "JSON")]
    [InlineData("""{"a":{"b":{"c":{"d":{"prompt":"a"}}}}}""", null)]
    [InlineData("""{"a":[[{"prompt":"a"}]]}""", "JSON")]
    [InlineData("""{"a":[[[{"prompt":"a"}]]]}""", null)]
    [InlineData("{a red kite} over a lake", null)]
    [InlineData("""{"\ud800":"a"}""", null)]
    [InlineData("<b>A kite</b>\nover a lake", null)]
    public void Only_JSON_that_may_be_a_row_or_a_line_of_a_list_is_refused(string text, string? expected) =>
        RawListLine.FormatOf(text).ShouldBe(expected);

    // InlineData cannot contain lone surrogates.
    [Fact]
    public void Braces_around_half_a_character_are_no_JSON() => RawListLine.FormatOf("{\"prompt\":\"\ud800\"}").ShouldBeNull();
}
