using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>What is accepted as a decision about a video.</summary>
public sealed class ReviewReaderTests
{
    [Theory]
    [InlineData("Verdict", "kept", "Kept")]
    [InlineData("Verdict", " None ", "None")]
    [InlineData("Verdict", null, null)]
    [InlineData("Verdict", "", null)]
    [InlineData("Rating", "4", 4)]
    [InlineData("Rating", 4L, 4)]
    [InlineData("Rating", 4.0, 4)]
    [InlineData("Rating", " 0 ", 0)]
    [InlineData("Rating", "1", 1)]
    [InlineData("Rating", "5", 5)]
    [InlineData("Rating", 5.0f, 5)]
    [InlineData("Rating", " ", null)]
    [InlineData("Note", " a\r\nb\rc ", "a\nb\nc")]
    [InlineData("Note", 7, "7")]
    [InlineData("Note", "", null)]
    [InlineData("Note", null, null)]
    [InlineData("Note", "key ck-0123456789abcdef0123456789abcdef", "key ck-***")]
    public void A_value_is_read_as_text_and_spreadsheets_have_it(string name, object? value, object? expected)
    {
        LedgerRecord decision = Read((name, value));
        object? read = name switch { "Verdict" => decision.Verdict, "Rating" => decision.Rating, _ => decision.Note };
        read.ShouldBe(expected);
    }

    [Theory]
    [InlineData("Verdict", "keep", "Verdict 'keep' is not valid. Use Kept, Rejected or None.")]
    [InlineData("Verdict", 1, "Verdict '1' is not valid. Use Kept, Rejected or None.")]
    [InlineData("Rating", "6", "Rating '6' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", -1, "Rating '-1' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", 4.5, "Rating '4.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", double.NaN, "Rating 'NaN' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", true, "Rating 'True' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "five", "Rating 'five' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "-0.5", "Rating '-0.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", "5.5", "Rating '5.5' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", '4', "Rating '4' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", DayOfWeek.Thursday, "Rating 'Thursday' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Rating", new[] { 4 }, "Rating 'System.Int32[]' is not valid. Use a whole number from 1 to 5, or 0 for none.")]
    [InlineData("Note", "a\u001b[2Jb", "Note 'a [2Jb' contains the control character U+001B.")]
    [InlineData("Note", "caf\ufffd", "Note 'caf\ufffd' contains the character U+FFFD")]
    [InlineData("Note", "\u200b", "contains only invisible characters")]
    [InlineData("Note", new[] { "a", "b" }, "Note is a list, not text.")]
    [InlineData("Origin", "vid-1", "Origin 'vid-1' is not valid. Use the address of the API, such as https://api.chuizi.ai.")]
    [InlineData("Origin", "file:///etc/passwd", "Origin 'file:///etc/passwd' is not valid.")]
    [InlineData("Decided", "5/6/2026", "Decided '5/6/2026' is not valid. Use a time in UTC, such as 2026-11-26T18:30:00Z.")]
    [InlineData("Decided", 1764181800, "Decided '1764181800' is not valid.")]
    public void A_wrong_value_is_refused_with_what_is_accepted(string name, object value, string message) =>
        Should.Throw<FormatException>(() => Read(("Verdict", "Kept"), (name, value))).Message.ShouldContain(message);

    [Fact]
    public void A_note_with_half_a_character_is_refused() =>
        Should.Throw<FormatException>(() => Read(("Note", "a\ud800"))).Message
            .ShouldBe("Note 'a\ud800' contains an incomplete character (an unpaired surrogate).");

    [Fact]
    public void A_time_is_not_a_rating() =>
        Should.Throw<FormatException>(() => Read(("Rating", Records.Noon))).Message
            .ShouldStartWith("Rating '01/02/2026 12:00:00' is not valid.");

    [Fact]
    public void A_row_without_a_decision_column_is_refused()
    {
        Should.Throw<FormatException>(() => Read(("Verdikt", "Kept"))).Message.ShouldBe(
            "There is no decision. Specify -Verdict, -Rating or -Note, or pipe objects with such a property.");
        foreach (string name in new[] { "Verdict", "Rating", "Note" })
        {
            LedgerRecord decision = ReviewReader.Read("vid-1", Records.Api, Cells(), Cells((name, null)));
            (decision.Step, decision.Id, decision.Origin).ShouldBe((LedgerStep.Reviewed, "vid-1", Records.Api));
            (decision.Verdict, decision.Rating, decision.Note, decision.Decided).ShouldBe((null, null, null, null));
        }

        Read(("Verdict", "")).Verdict.ShouldBeNull("a blank cell is no decision");
    }

    [Fact]
    public void An_empty_note_removes_the_note_only_on_the_command_line_and_in_a_dated_decision()
    {
        Read(("Note", ""), ("Decided", "2026-01-02T12:00:00.123Z")).Note.ShouldBe("");
        ReviewReader.Read("vid-1", null, Cells(), Cells(("Note", ""))).Note.ShouldBe("");
        Read(("Note", null), ("Decided", "2026-01-02T12:00:00.123Z")).Note.ShouldBeNull();
    }

    [Fact]
    public void Times_and_origins_are_normalized()
    {
        DateTime time = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);
        object[] same =
        [
            "2026-01-02T12:00:00Z", "2026-01-02T14:00:00.0000000+02:00", "2026-01-02T12:00", "2026-01-02 12:00:00 UTC", time,
            "2026-01-02 12:00:00Z", " 2026-01-02T12:00Z ",
            DateTime.SpecifyKind(time, DateTimeKind.Unspecified), time.ToLocalTime(),
            new DateTimeOffset(time).ToOffset(TimeSpan.FromHours(5)),
        ];
        foreach (object text in same)
        {
            DateTime decided = Read(("Verdict", "Kept"), ("Decided", text)).Decided!.Value;
            (decided, decided.Kind).ShouldBe((time, DateTimeKind.Utc));
        }

        Read(("Verdict", "Kept"), ("Origin", "https://other.example/v1/")).Origin.ShouldBe("https://other.example");
        Read(("Verdict", "Kept"), ("Origin", "http://127.0.0.1:8080/v1?a=b")).Origin.ShouldBe(Records.Elsewhere);
        Read(("Verdict", "Kept"), ("Origin", " ")).Origin.ShouldBe(Records.Api);
        Read(("Verdict", "Kept"), ("Decided", "")).Decided.ShouldBeNull();
        Read(("Note", time)).Note.ShouldBe("2026-01-02T12:00:00Z", "ConvertFrom-Json turns such a note into a time");
    }

    [Fact]
    public void The_command_line_takes_precedence_over_the_row()
    {
        LedgerRecord decision = ReviewReader.Read(
            "vid-1",
            Records.Elsewhere,
            Cells(("Verdict", "Kept"), ("Rating", 2), ("Note", "row")),
            Cells(("Verdict", "Rejected"), ("Note", "")));
        (decision.Verdict, decision.Rating, decision.Note, decision.Origin).ShouldBe(("Rejected", 2, "", Records.Elsewhere));
    }

    private static Dictionary<string, object?> Cells(params (string Name, object? Value)[] cells) =>
        cells.GroupBy(cell => cell.Name).ToDictionary(cell => cell.Key, cell => cell.Last().Value);

    private static LedgerRecord Read(params (string Name, object? Value)[] cells) =>
        ReviewReader.Read("vid-1", Records.Api, Cells(cells), Cells());
}
