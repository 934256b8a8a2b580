using Chuizi.Video.Client.Rows;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class TextDamageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("A red kite")]
    [InlineData("tab\t")]
    [InlineData("line\n")]
    [InlineData("line\r")]
    [InlineData("\u200BA kite")]
    [InlineData("e\u0301")]
    [InlineData("🎬")]
    public void Usual_text_is_fine(string text) => TextDamage.Of(text).ShouldBeNull();

    [Fact]
    public void Text_that_was_lost_in_reading_is_reported_with_the_way_out() =>
        TextDamage.Of("Der M\uFFFDller").ShouldBe("contains the character U+FFFD, which stands for text that was lost when the file was read. The file is probably not UTF-8. Read it again with its encoding: with Import-Csv or New-ChuiziVideo -Path, use -Encoding, for example 936 (Chinese) or 1252 (Western European).");

    [Theory]
    [InlineData("a\u0007", "0007")]
    [InlineData("\u001F\u0007", "001F")]
    [InlineData("a\u0085b", "0085")]
    public void A_control_character_is_reported_with_its_code(string text, string code) =>
        TextDamage.Of(text).ShouldBe($"contains the control character U+{code}. Remove it. If the text comes from a file, the file may be in another format or encoding (-Encoding).");

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\t\r\n")]
    [InlineData("\u00A0")]
    [InlineData("\u2028")]
    [InlineData("\u2029")]
    [InlineData("\u0301")]
    [InlineData("\u200B \u00A0\u2028\u2029\u0301\n")]
    public void Text_that_nobody_can_see_is_reported(string text) =>
        TextDamage.Of(text).ShouldBe("contains only invisible characters, such as U+200B. Clear the cell or enter a text.");
}
