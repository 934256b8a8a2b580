using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class RowRangesTests
{
    [Theory]
    [InlineData(new int[0], "no row")]
    [InlineData(new[] { 7 }, "row 7")]
    [InlineData(new[] { 7, 7 }, "row 7")]
    [InlineData(new[] { 7, 8 }, "rows 7-8")]
    [InlineData(new[] { 7, 9 }, "rows 7 and 9")]
    [InlineData(new[] { 40, 3, 12, 8, 7, 9, 11, 10 }, "rows 3, 7-12 and 40")]
    [InlineData(new[] { 1, 2, 4, 5 }, "rows 1-2 and 4-5")]
    public void Rows_are_described_as_ranges(int[] rows, string expected) => RowRanges.Describe(rows).ShouldBe(expected);

    [Fact]
    public void The_description_contains_exactly_the_rows() =>
        Gen.Int[1, 30].Array[1, 40].Sample(rows =>
            RowRanges.Describe(rows)[4..].Trim('s', ' ').Split([", ", " and "], StringSplitOptions.None)
                .Select(range => range.Split('-').Select(int.Parse).ToArray())
                .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1))
                .ShouldBe(rows.Distinct().Order()));

    [Fact]
    public void A_description_lists_twenty_ranges_and_counts_the_rest() =>
        RowRanges.Describe(Enumerable.Range(1, 10_000).Select(row => row * 2)).ShouldEndWith(", 38, 40 and 9980 more");
}
