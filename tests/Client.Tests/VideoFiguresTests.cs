using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests;

public sealed class VideoFiguresTests
{
    [Theory]
    [InlineData("2026-11-28T12:00:00Z", 42.5, "2026-11-28T12:00:42.5000000Z")]
    [InlineData("2026-11-28T12:00:00Z", null, null)]
    [InlineData(null, 42.0, null)]
    [InlineData("9999-12-31T23:59:59Z", 2.0, null)]
    [InlineData("2026-11-28T12:00:00Z", 1e300, null)]
    [InlineData("2026-11-28T12:00:00Z", -1.0, null)]
    [InlineData("2026-11-28T12:00:00Z", double.NaN, null)]
    public void The_end_of_a_generation_is_a_possible_time_or_unknown(string? created, double? seconds, string? end)
    {
        DateTime? start = created is null ? null : DateTime.Parse(created, null, System.Globalization.DateTimeStyles.AdjustToUniversal);
        VideoFigures.EndOf(start, seconds)?.ToString("o").ShouldBe(end);
    }
}
