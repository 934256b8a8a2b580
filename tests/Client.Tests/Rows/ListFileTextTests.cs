using System.Text;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ListFileTextTests
{
    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    public void Text_is_decoded_by_its_mark_or_as_UTF8(string name, bool isMarked)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. isMarked ? encoding.GetPreamble() : [], .. encoding.GetBytes("Prompt\nDer Müller, 风筝")];
        ListFileText.Decode(bytes, null).Text.ShouldBe("Prompt\nDer Müller, 风筝");
    }

    [Theory]
    [InlineData("1252", "Der Müller")]
    [InlineData("936", "风筝")]
    [InlineData("gb2312", "风筝")]
    public void Text_in_another_encoding_is_refused_and_read_with_its_name(string name, string text)
    {
        byte[] bytes = ListFileText.EncodingOf(name).GetBytes(text);
        Should.Throw<FormatException>(() => ListFileText.Decode(bytes, null)).Message.ShouldStartWith("is not UTF-8. Specify its -Encoding");
        ListFileText.Decode(bytes, ListFileText.EncodingOf(name)).Text.ShouldBe(text);
    }

    [Fact]
    public void A_workbook_binary_data_and_an_unknown_encoding_are_refused()
    {
        Should.Throw<FormatException>(() => ListFileText.Decode([(byte)'P', (byte)'K', 3, 4, 0], null)).Message.ShouldContain("Excel workbook");
        Should.Throw<FormatException>(() => ListFileText.Decode([65, 0, 66], null)).Message.ShouldStartWith("is not a text file");
        Should.Throw<FormatException>(() => ListFileText.EncodingOf("nonsense")).Message.ShouldContain("'nonsense' is not known");
    }

    [Theory]
    [InlineData("Prompt,Model\na;b,c", ',')]
    [InlineData("Prompt;Model\na,b,c;d", ';')]
    [InlineData("Prompt\tDuration (s)\na", '\t')]
    [InlineData("Prompt|Ratio\na", '|')]
    [InlineData("\"Prompt\";\"Notes, long\"\na", ';')]
    [InlineData("#TYPE System.Object\nPrompt;Model\na", ';')]
    [InlineData("Prompt\na, b; c", '\u001F')]
    [InlineData("\r\n\"Prompt\"\na, b; c", '\u001F')]
    public void The_delimiter_is_the_one_of_the_header(string text, char expected) => new ListFileText(text).Delimiter.ShouldBe(expected);

    [Fact]
    public void Each_row_has_the_line_on_which_it_starts() =>
        new ListFileText("Prompt,Model\r\nA,b\r\n\r\n\"two\r\nlines \"\"quoted\"\"\",c\r\nE,f").RowLines(',').ShouldBe([2, 4, 6]);

    [Theory]
    [InlineData("Prompt\nA cat, jumping", "2 has more cells than the header (1), so 'jumping' belongs to no column.")]
    [InlineData("Duration,Prompt\n8,A dog\n8,A cat, jumping", "3 has more cells than the header (2), so 'jumping' belongs to no column.")]
    [InlineData("Prompt,,\nA dog,,\nA cat,,note", "3 has more cells than the header (1), so 'note' belongs to no column.")]
    [InlineData("Prompt,Duration\n\"A cat,8\nA dog,8", "2: a cell begins with a quotation mark that is not closed at its end.")]
    [InlineData("Prompt,Duration\n\"A cat,8\n\"A dog\",8", "2: a cell begins with a quotation mark that is not closed at its end.")]
    public void A_row_that_would_lose_text_or_contain_other_rows_is_refused(string text, string expected) =>
        Should.Throw<FormatException>(() => new ListFileText(text).RowLines(',')).Message.ShouldStartWith("line " + expected);

    [Theory]
    [InlineData("Prompt,Duration\nA 5\" disk, 8\n \"A, b\" ,8\n\"A \"\"b\"\"\",8,,\n,,\n", new[] { 2, 3, 4, 5 })]
    [InlineData("#comment, with, cells\nPrompt\nA", new[] { 3 })]
    [InlineData("Prompt,Duration\n\"A\nB\nC\" \t,8\n\"\",8", new[] { 2, 5 })]
    public void Quotation_marks_and_blank_cells_are_read_as_PowerShell_reads_them(string text, int[] lines) =>
        new ListFileText(text).RowLines(',').ShouldBe(lines);

    [Fact]
    public void The_error_names_a_delimiter_that_cannot_be_seen() =>
        Should.Throw<FormatException>(() => new ListFileText("Prompt\tModel\nA\tb\tc").RowLines('\t')).Message.ShouldEndWith(
            "Put a text that contains a tab in quotation marks, or name the column in the header.");

    [Fact]
    public void In_a_list_with_one_column_a_line_is_a_prompt()
    {
        ListFileText list = new("Prompt\nA cat, jumping; high\n\"A dog, \"\"Rex\"\"\"\n");
        list.RowLines(list.Delimiter).ShouldBe([2, 3]);
        ListFileText quoted = new("Prompt\n\"A cat\",8\n");
        Should.Throw<FormatException>(() => quoted.RowLines(quoted.Delimiter)).Message.ShouldStartWith("line 2: a cell begins with");
    }

    [Fact]
    public void Invalid_bytes_are_refused_with_what_to_do()
    {
        Message([0xE9], null).ShouldBe("is not UTF-8. Specify its -Encoding, for example 1252 (Western European) or 936 (Chinese), or save it as CSV (UTF-8).");
        Message([0xE9], ListFileText.EncodingOf("utf-8")).ShouldBe("is not valid in the encoding utf-8. Specify another -Encoding.");
        Message([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], null)
            .ShouldBe("is not valid in the encoding utf-16. Specify another -Encoding.");

        static string Message(byte[] bytes, Encoding? encoding) =>
            Should.Throw<FormatException>(() => ListFileText.Decode(bytes, encoding)).Message;
    }

    [Theory]
    [InlineData("utf8", 65001)]
    [InlineData("utf8BOM", 65001)]
    [InlineData(" utf8NoBOM ", 65001)]
    [InlineData("Unicode", 1200)]
    [InlineData("bigendianunicode", 1201)]
    [InlineData("ansi", 1251)]
    [InlineData("Default", 1251)]
    [InlineData("oem", 866)]
    public void An_encoding_has_the_names_of_PowerShell(string name, int expected)
    {
        using InCulture culture = new("ru-RU");
        ListFileText.EncodingOf(name).CodePage.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Prompt\rA\rB\r", new[] { 2, 3 })]
    [InlineData("Prompt\nA\n\nB", new[] { 2, 4 })]
    public void A_line_may_end_in_any_way(string text, int[] expected) => new ListFileText(text).RowLines(',').ShouldBe(expected);
}
