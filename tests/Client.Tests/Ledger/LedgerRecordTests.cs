using System.Reflection;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Which values a line may have, and how much of a long one is written.</summary>
public sealed class LedgerRecordTests
{
    private const int LongestText = 64 * 1024;
    private const int LongestName = 4 * 1024;

    [Theory]
    [InlineData("v", "1", true)]
    [InlineData("v", "0", true)]
    [InlineData("v", "2", false)]
    [InlineData("cost", "0", true)]
    [InlineData("cost", "1000000000", true)]
    [InlineData("cost", "1000000000.01", false)]
    [InlineData("cost", "-0.01", false)]
    [InlineData("estimate", "0", true)]
    [InlineData("estimate", "1000000000", true)]
    [InlineData("estimate", "1000000000.01", false)]
    [InlineData("estimate", "-0.01", false)]
    [InlineData("latency_ms", "0", true)]
    [InlineData("latency_ms", "-1", false)]
    [InlineData("latency_ms", "999999999999", true)]
    [InlineData("latency_ms", "1000000000000", false)]
    [InlineData("url", "\"https://media.chuizi.ai/a.mp4\"", true)]
    [InlineData("url", "\"a.mp4\"", false)]
    [InlineData("later", "-1", true)]
    public void Amounts_times_and_URLs_have_limits(string field, string value, bool isPossible) =>
        LedgerSerializer.Read(Encoding.UTF8.GetBytes($$"""{"step":"settled","{{field}}":{{value}}}""")).ShouldNotBeNull()
            .IsPossible.ShouldBe(isPossible);

    [Theory]
    [InlineData(nameof(LedgerRecord.Prompt), LongestText)]
    [InlineData(nameof(LedgerRecord.Text), LongestText)]
    [InlineData(nameof(LedgerRecord.Model), LongestName)]
    [InlineData(nameof(LedgerRecord.AspectRatio), LongestName)]
    [InlineData(nameof(LedgerRecord.Resolution), LongestName)]
    [InlineData(nameof(LedgerRecord.Image), LongestName)]
    [InlineData(nameof(LedgerRecord.SourceVideo), LongestName)]
    [InlineData(nameof(LedgerRecord.IdSource), LongestName)]
    [InlineData(nameof(LedgerRecord.Note), LongestName)]
    public void A_long_text_is_truncated(string name, int longest)
    {
        string whole = new('x', longest);
        Shortened(name, whole).ShouldBe(whole);
        Shortened(name, whole + "y").ShouldBe(whole);
        Shortened(name, whole[1..] + "🎬").ShouldBe(whole[1..], "half of a character is damage");
        Shortened(name, null).ShouldBeNull();
    }

    [Theory]
    [InlineData(nameof(LedgerRecord.Step))]
    [InlineData(nameof(LedgerRecord.Entry))]
    [InlineData(nameof(LedgerRecord.Key))]
    [InlineData(nameof(LedgerRecord.Again))]
    [InlineData(nameof(LedgerRecord.Id))]
    [InlineData(nameof(LedgerRecord.Origin))]
    [InlineData(nameof(LedgerRecord.Run))]
    [InlineData(nameof(LedgerRecord.RequestId))]
    [InlineData(nameof(LedgerRecord.Path))]
    public void A_text_that_identifies_something_is_never_truncated(string name)
    {
        string whole = new('x', LongestText + 1);
        Shortened(name, whole).ShouldBe(whole);
    }

    [Fact]
    public void A_file_name_is_whole_or_left_out()
    {
        string whole = new('x', LongestName);
        Shortened(nameof(LedgerRecord.FileName), whole).ShouldBe(whole);
        Shortened(nameof(LedgerRecord.FileName), whole + "y").ShouldBeNull();
        Shortened(nameof(LedgerRecord.FileName), null).ShouldBeNull();
    }

    [Fact]
    public void The_original_record_is_not_changed()
    {
        LedgerRecord record = new() { Prompt = new string('x', LongestText + 1) };
        record.Shortened().ShouldNotBeSameAs(record);
        record.Prompt.Length.ShouldBe(LongestText + 1);
    }

    [Fact]
    public void Only_the_first_reference_images_are_kept_and_long_ones_are_truncated()
    {
        string[] images = [new string('x', LongestName + 1), .. Enumerable.Range(2, 31).Select(number => $"/{number}.png")];
        LedgerRecord record = new() { ReferenceImage = [.. images, "/33.png"] };
        record.Shortened().ReferenceImage.ShouldBe([new string('x', LongestName), .. images[1..]]);
        record.ReferenceImage = images[1..3];
        record.Shortened().ReferenceImage.ShouldBe(["/2.png", "/3.png"]);
        record.ReferenceImage = null;
        record.Shortened().ReferenceImage.ShouldBeNull();
    }

    [Fact]
    public void A_long_address_is_left_out()
    {
        const string Start = "https://a/";
        string longest = Start + new string('x', LongestText - Start.Length);
        Assert.SkipUnless(Uri.TryCreate(longest + "x", UriKind.Absolute, out Uri? longer), "This runtime has no such long addresses.");
        new LedgerRecord { Url = new Uri(longest) }.Shortened().Url.ShouldBe(new Uri(longest));
        new LedgerRecord { Url = longer }.Shortened().Url.ShouldBeNull();
    }

    [Fact]
    public void The_hashes_of_too_many_images_are_left_out()
    {
        Dictionary<string, string> files = new() { ["a"] = new string('x', 40_000), ["bc"] = new string('y', LongestText - 40_003) };
        LedgerRecord record = new() { Files = files };
        record.Shortened().Files.ShouldBeSameAs(files);
        files["bc"] += "y";
        record.Shortened().Files.ShouldBeNull();
    }

    [Fact]
    public void Extra_fields_that_are_too_long_are_left_out()
    {
        // With its two quotation marks, the text is as long as possible.
        string longest = new('x', LongestText - 2);
        LedgerRecord record = new() { Parameter = JsonSerializer.SerializeToElement(longest) };
        record.Shortened().Parameter.ShouldNotBeNull().GetString().ShouldBe(longest);
        record.Parameter = JsonSerializer.SerializeToElement(longest + "x");
        record.Shortened().Parameter.ShouldBeNull();
        record.Parameter = null;
        record.Shortened().Parameter.ShouldBeNull();
    }

    [Fact]
    public void Columns_that_fit_together_are_all_kept()
    {
        Dictionary<string, string?> columns = new() { ["A"] = new string('a', 40_000), ["BC"] = new string('b', LongestText - 40_003) };
        LedgerRecord record = new() { Columns = columns };
        record.Shortened().Columns.ShouldBeSameAs(columns);
        columns["BC"] += "b";
        record.Shortened().Columns.ShouldNotBeNull().Keys.ShouldBe(["A"]);
        new LedgerRecord().Shortened().Columns.ShouldBeNull();
    }

    [Fact]
    public void Columns_are_kept_in_their_order_as_long_as_they_fit()
    {
        LedgerRecord record = new()
        {
            Columns = new()
            {
                ["Long"] = new string('x', LongestText - 3),
                ["A"] = new string('a', LongestText - 2),
                ["Later"] = "x",
                ["B"] = null,
                ["C"] = null,
            },
        };
        Dictionary<string, string?> kept = record.Shortened().Columns.ShouldNotBeNull();
        kept.Keys.ShouldBe(["A", "B"]);
        kept["A"].ShouldNotBeNull().Length.ShouldBe(LongestText - 2);
    }

    [Fact]
    public void The_names_of_columns_are_compared_as_before()
    {
        LedgerRecord record = new()
        {
            Columns = new(StringComparer.OrdinalIgnoreCase) { ["Project"] = "Spring", ["Long"] = new string('x', LongestText) },
        };
        record.Shortened().Columns.ShouldNotBeNull()["PROJECT"].ShouldBe("Spring");
    }

    [Fact]
    public void Each_text_of_an_error_is_truncated()
    {
        string whole = new('x', LongestText);
        LedgerRecord record = new() { Error = new VideoError { Message = whole + "1", Type = whole + "2", Code = whole + "3" } };
        VideoError error = record.Shortened().Error.ShouldNotBeNull();
        (error.Message, error.Type, error.Code).ShouldBe((whole, whole, whole));
        record.Error = new VideoError { Message = "a", Type = "b", Code = "c" };
        error = record.Shortened().Error.ShouldNotBeNull();
        (error.Message, error.Type, error.Code).ShouldBe(("a", "b", "c"));
        new LedgerRecord().Shortened().Error.ShouldBeNull();
    }

    private static string? Shortened(string name, string? text)
    {
        PropertyInfo property = typeof(LedgerRecord).GetProperty(name).ShouldNotBeNull();
        LedgerRecord record = new();
        property.SetValue(record, text);
        return (string?)property.GetValue(record.Shortened());
    }
}
