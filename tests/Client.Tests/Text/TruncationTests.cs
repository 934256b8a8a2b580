using Chuizi.Video.Client.Text;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class TruncationTests
{
    [Theory]
    [InlineData("kite", 4, "kite")]
    [InlineData("kites", 4, "kite…")]
    [InlineData("red kite", 4, "red…")]
    [InlineData("ab🎬c", 3, "ab…")]
    [InlineData("ab🎬c", 4, "ab🎬…")]
    public void A_long_text_keeps_its_beginning(string text, int longest, string expected) =>
        Truncation.End(text, longest).ShouldBe(expected);

    [Fact]
    public void A_long_message_keeps_its_beginning_and_its_end()
    {
        Truncation.Middle(new string('a', 2000)).ShouldBe(new string('a', 2000));
        Truncation.Middle(new string('a', 2000) + new string('b', 2000)).ShouldBe($"{new string('a', 1500)} … {new string('b', 400)}");
    }

    [Fact]
    public void Truncation_never_splits_a_surrogate_pair()
    {
        string pairs = string.Concat(Enumerable.Repeat("🎬", 2000));
        foreach (string text in (string[])[pairs, "a" + pairs, pairs + "a"])
        {
            Truncation.Middle(text).EnumerateRunes().ShouldAllBe(rune => rune.Value != 0xFFFD);
            Truncation.End(text, 101).EnumerateRunes().ShouldAllBe(rune => rune.Value != 0xFFFD);
        }
    }
}
