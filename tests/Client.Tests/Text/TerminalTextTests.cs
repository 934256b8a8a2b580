using System.Globalization;
using System.Text;
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

    [Theory]
    [InlineData(4000, 4000)]
    [InlineData(4001, 4000)]
    [InlineData(20_000, 4000)]
    public void A_long_body_is_cut_and_its_length_is_given(int length, int shown)
    {
        string body = new('x', length);
        TerminalText.OfBody(Encoding.UTF8.GetBytes(body))
            .ShouldBe(length == shown ? body : string.Create(CultureInfo.InvariantCulture, $"{body[..shown]}… ({length:N0} bytes in all)"));
    }

    [Fact]
    public void A_body_of_spaces_shows_only_its_length() =>
        TerminalText.OfBody(Encoding.UTF8.GetBytes(new string(' ', 20_000))).ShouldBe("… (20,000 bytes in all)");

    [Fact]
    public void A_body_is_not_cut_within_a_character() =>
        TerminalText.OfBody(Encoding.UTF8.GetBytes(new string('x', 3999) + "🎬🎬")).ShouldBe($"{new string('x', 3999)}… (4,007 bytes in all)");

    [Theory]
    [InlineData("https://user:secret-word@proxy.example/", "secret")]
    [InlineData("Bearer abcdefghijklmnopqrstuvwxyz", "abc")]
    [InlineData("ck-abcdefghijklmnopqrstuvwxyz012345", "abc")]
    [InlineData("https://a.example/x?sig=abcdefghijklmnop", "abc")]
    public void A_secret_at_the_place_of_the_cut_is_masked(string text, string secret)
    {
        // The cut is at each character of the text in turn: after the characters that are shown, and after the bytes that are read.
        for (int after = 0; after <= text.Length; after++)
        {
            Shown($"{new string('x', 4000 - after)} {text} end").ShouldNotContain(secret);
            Shown($"one{new string(' ', 16_000 - after)}{text} end").ShouldNotContain(secret);
        }

        static string Shown(string body) => TerminalText.OfBody(Encoding.UTF8.GetBytes(body));
    }
}
