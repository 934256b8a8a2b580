using System.Text;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class StreamLinesTests : LedgerTest
{
    // So much of a file is read at once.
    private const int Piece = 64 * 1024;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 7)]
    [InlineData(0, Piece - 1)]
    [InlineData(0, Piece)]
    [InlineData(0, 2 * Piece)]
    [InlineData(10, Piece)]
    [InlineData(Piece - 1, 0)]
    [InlineData(Piece, 0)]
    [InlineData(Piece, 3)]
    [InlineData(3, 2 * Piece + 5)]
    public void The_last_line_ends_after_its_line_feed(int before, int after)
    {
        using FileStream stream = Open(new string('x', before) + "\n" + new string('x', after));
        StreamLines.LastEnd(stream).ShouldBe(before + 1);
    }

    [Fact]
    public void The_last_of_several_line_feeds_counts()
    {
        using FileStream stream = Open("a\nbc\nd");
        StreamLines.LastEnd(stream).ShouldBe(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData(2 * Piece)]
    public void Without_a_line_feed_there_is_no_line(int length)
    {
        using FileStream stream = Open(new string('x', length));
        StreamLines.LastEnd(stream).ShouldBe(0);
    }

    [Theory]
    [InlineData(5, 5, 0, 0)]
    [InlineData(5, 5, 1, 6)]
    [InlineData(5, 5, 5, 6)]
    [InlineData(5, 5, 6, 6)]
    [InlineData(5, 5, 7, 11)]
    [InlineData(5, 5, 10, 11)]
    [InlineData(5, 5, 11, 11)]
    [InlineData(5, 5, 12, 11)]
    [InlineData(5, 5, 20, 11)]
    [InlineData(5, 0, 6, 6)]
    [InlineData(0, 5, 0, 0)]
    [InlineData(0, 5, 1, 1)]
    [InlineData(0, 0, 1, 1)]
    [InlineData(Piece - 1, 5, 1, Piece)]
    [InlineData(Piece, 5, 1, Piece + 1)]
    [InlineData(2 * Piece + 10, 5, 3, 2 * Piece + 11)]
    [InlineData(0, 2 * Piece, 2, 2 * Piece + 1)]
    public void The_first_line_at_a_position_starts_there_or_after_the_next_line_feed(int before, int after, int position, int expected)
    {
        using FileStream stream = Open(new string('x', before) + "\n" + new string('x', after));
        StreamLines.FirstStart(stream, position).ShouldBe(expected);
    }

    [Fact]
    public void Lines_are_numbered_blank_ones_are_skipped_and_an_incomplete_one_is_ignored()
    {
        (long end, int lines, string[] read) = Read("one\n\n \t\r\n two \nrest");
        read.ShouldBe(["1:one", "4: two "]);
        (end, lines).ShouldBe((15, 4));
        Read("").Lines.ShouldBe(0);
    }

    [Fact]
    public void Reading_starts_at_a_position_and_a_line_number()
    {
        (long end, int lines, string[] read) = Read("one\ntwo\nthree\n", position: 4, lines: 1);
        read.ShouldBe(["2:two", "3:three"]);
        (end, lines).ShouldBe((14, 3));
    }

    [Fact]
    public void Only_the_first_line_of_a_file_is_read_without_its_byte_order_mark()
    {
        Read("\uFEFFone\n\uFEFFtwo\n").Read.ShouldBe(["1:one", "2:\uFEFFtwo"]);
        Read("one\ntwo\n").Read.ShouldBe(["1:one", "2:two"]);
        Read("\uFEFFone\n", lines: 5).Read.ShouldBe(["6:\uFEFFone"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Piece - 3)]
    [InlineData(Piece - 2)]
    [InlineData(Piece - 1)]
    [InlineData(Piece)]
    [InlineData(Piece + 1)]
    [InlineData(2 * Piece - 1)]
    [InlineData(2 * Piece)]
    [InlineData(300_000)]
    public void A_line_is_whole_wherever_a_piece_of_the_file_ends(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length).Select(at => (char)('a' + at % 26)));
        (long end, int lines, string[] read) = Read($"one\n{text}\nthree\nrest");
        read.ShouldBe(["1:one", $"2:{text}", "3:three"]);
        (end, lines).ShouldBe((length + 11, 3));
    }

    [Fact]
    public void A_line_of_the_maximum_length_is_too_long_and_one_byte_less_is_not()
    {
        string longest = new('x', StreamLines.Longest - 1);
        Read($"one\n{longest}\n").Read.Select(line => line.Length).ShouldBe([5, longest.Length + 2]);
        Should.Throw<IOException>(() => Read($"one\n{longest}x\n")).Message
            .ShouldBe("Line 2 is longer than 4 MB, so this is not a ledger.");
    }

    /// <summary>A file that was read to its end before.</summary>
    private FileStream Open(string content)
    {
        FileStream stream = File.OpenRead(Home.Write("lines.txt", Encoding.UTF8.GetBytes(content)));
        stream.Position = stream.Length;
        return stream;
    }

    private static (long End, int Lines, string[] Read) Read(string content, long position = 0, int lines = 0)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(content));
        stream.Position = stream.Length;
        List<string> read = [];
        (long end, int last) = StreamLines.Read(
            stream, position, lines, (number, text) => read.Add($"{number}:{Encoding.UTF8.GetString(text)}"));
        return (end, last, [.. read]);
    }
}
