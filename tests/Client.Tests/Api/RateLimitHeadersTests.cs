using System.Net;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

/// <summary>
/// What the headers of a response say about the limit. The clock stands at Friday, 2 January 2026, 03:04:05; the Unix time is 1767323045.
/// </summary>
public sealed class RateLimitHeadersTests
{
    [Theory]
    [InlineData(200, false)]
    [InlineData(428, false)]
    [InlineData(429, true)]
    [InlineData(430, false)]
    [InlineData(503, false)]
    public void Only_429_is_a_refusal(int status, bool refused) => Read(status, "").ShouldBe(new RateLimitHints(refused));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("60", 60)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", null)]
    [InlineData("9223372036854775808", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("+5", null)]
    [InlineData("1.5", null)]
    [InlineData("soon", null)]
    [InlineData("60|X-RateLimit-Limit: 70", 60)]
    public void A_limit_is_a_whole_number_above_zero(string value, int? expected) =>
        Read(200, $"X-RateLimit-Limit: {value}").ShouldBe(new RateLimitHints(false, Limit: expected));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("2147483648", null)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    public void The_remaining_requests_are_a_whole_number(string value, int? expected) =>
        Read(200, $"X-RateLimit-Remaining: {value}").ShouldBe(new RateLimitHints(false, Remaining: expected));

    [Fact]
    public void All_headers_of_a_refusal_are_read() =>
        Read(429, "X-RateLimit-Limit: 60|X-RateLimit-Remaining: 0|Retry-After: 5|X-RateLimit-Reset: 30")
            .ShouldBe(new RateLimitHints(true, 60, 0, TimeSpan.FromSeconds(5)));

    [Theory]
    [InlineData("", null)]
    [InlineData("Retry-After: 5", 5d)]
    [InlineData("Retry-After: 1", 1d)]
    [InlineData("Retry-After: 0", null)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:05:05 GMT", 60d)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:04:06 GMT", 1d)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:04:05 GMT", null)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:03:05 GMT", null)]
    [InlineData("Date: Fri, 02 Jan 2026 03:05:00 GMT|Retry-After: Fri, 02 Jan 2026 03:05:20 GMT", 20d)]
    [InlineData("X-RateLimit-Reset: 30", 30d)]
    [InlineData("X-RateLimit-Reset: 1", 1d)]
    [InlineData("X-RateLimit-Reset: 0", null)]
    [InlineData("X-RateLimit-Reset: -5", null)]
    [InlineData("X-RateLimit-Reset: 30|X-RateLimit-Limit: 60", 30d)]
    [InlineData("Retry-After: 5|X-RateLimit-Reset: 30", 5d)]
    [InlineData("Retry-After: soon|X-RateLimit-Reset: 30", 30d)]
    public void A_refusal_may_state_the_time_to_wait(string headers, double? seconds) => Wait(429, headers).ShouldBe(seconds);

    [Theory]
    [InlineData(0, 30d)]
    [InlineData(1, null)]
    [InlineData(2, null)]
    public void The_reset_of_the_window_counts_only_if_no_requests_remain(int remaining, double? seconds) =>
        Wait(429, $"X-RateLimit-Reset: 30|X-RateLimit-Remaining: {remaining}").ShouldBe(seconds);

    // A time in seconds since 1970, or a number of seconds.
    [Theory]
    [InlineData("X-RateLimit-Reset: 999999999", 999_999_999d)]
    [InlineData("Date: Sun, 09 Sep 2001 01:46:30 GMT|X-RateLimit-Reset: 1000000000", 10d)]
    [InlineData("X-RateLimit-Reset: 1000000000", null)]
    [InlineData("X-RateLimit-Reset: 1767323044", null)]
    [InlineData("X-RateLimit-Reset: 1767323045", null)]
    [InlineData("X-RateLimit-Reset: 1767323046", 1d)]
    [InlineData("Date: Fri, 02 Jan 2026 03:04:00 GMT|X-RateLimit-Reset: 1767323046", 6d)]
    [InlineData("X-RateLimit-Reset: 100000000000", 98_232_676_955d)]
    [InlineData("X-RateLimit-Reset: 100000000001", null)]
    public void A_reset_of_2001_or_later_is_a_time(string headers, double? seconds) => Wait(429, headers).ShouldBe(seconds);

    [Theory]
    [InlineData("Retry-After: 5")]
    [InlineData("X-RateLimit-Reset: 30")]
    [InlineData("X-RateLimit-Reset: 1767323105")]
    public void Other_responses_do_not_make_the_process_wait(string headers)
    {
        Wait(200, headers).ShouldBeNull();
        Wait(503, headers).ShouldBeNull();
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("X-RateLimit-Reset: 30", null)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("Retry-After: 5", 5d)]
    [InlineData("Retry-After: 0", 0d)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:05:05 GMT", 60d)]
    [InlineData("Retry-After: Fri, 02 Jan 2026 03:03:05 GMT", -60d)]
    [InlineData("Date: Fri, 02 Jan 2026 03:05:00 GMT|Retry-After: Fri, 02 Jan 2026 03:05:20 GMT", 20d)]
    public void Retry_After_is_read_whatever_the_status(string headers, double? seconds)
    {
        foreach (int status in new[] { 200, 429, 503 })
        {
            using HttpResponseMessage response = Response(status, headers);
            (RateLimitHeaders.RetryAfter(response, new LeapingClock().GetUtcNow())?.TotalSeconds).ShouldBe(seconds);
        }
    }

    private static double? Wait(int status, string headers) => Read(status, headers).RetryAfter?.TotalSeconds;

    private static RateLimitHints Read(int status, string headers)
    {
        using HttpResponseMessage response = Response(status, headers);
        return RateLimitHeaders.Read(response, new LeapingClock().GetUtcNow());
    }

    private static HttpResponseMessage Response(int status, string headers)
    {
        HttpResponseMessage response = new((HttpStatusCode)status);
        foreach (string header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = header.Split(": ", 2);
            response.Headers.TryAddWithoutValidation(parts[0], parts[1]).ShouldBeTrue();
        }

        return response;
    }
}
