using Chuizi.Video.Client.Text;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("plain", "plain")]
    [InlineData("a\tb\nc\r\nd", "a\tb\nc\r\nd")]
    [InlineData("a\rb", "a b")]
    [InlineData("\u001B[31mred\u0007\u009B", " [31mred  ")]
    public void Control_characters_except_tabs_and_line_ends_become_spaces(string? text, string expected) =>
        TerminalText.WithoutControls(text).ShouldBe(expected);
}
