using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Budget;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Bad values in the headers for rate limits, Retry-After and resuming a download.</summary>
[Trait("Speed", "Medium")]
public sealed class HeaderTests
{
    private static readonly Gen<string> s_value = Gen.OneOf(
        Gen.OneOf(
            "0",
            "1",
            "60",
            "-1",
            "+5",
            "1.5",
            "1e3",
            " 7 ",
            "0x10",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "99999999999999999999",
            "",
            " ",
            ",",
            "1, 2",
            "60;w=60",
            "NaN",
            "١",
            "Fri, 02 Jan 2026 03:05:05 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Mon, 01 Jan 0001 00:00:00 GMT",
            "1767323105",
            "1767323105000",
            "100000000000",
            "soon",
            "\"a\"",
            "W/\"a\"",
            "\"",
            "*",
            "\"\u001b[2J\"",
            "bytes 0-1/2",
            "bytes */0",
            "\ud800"),
        Gen.Int.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Long.Select(number => number.ToString(CultureInfo.InvariantCulture)),
        Gen.Char[' ', '~'].Array[0, 40].Select(letters => new string(letters)),
        Gen.Const(new string('9', 50_000)));

    [Fact]
    public void No_header_causes_an_endless_wait_or_none() =>
        Gen.Select(s_value, s_value, s_value, s_value, Gen.Bool).Try(sample =>
        {
            (string retryAfter, string limit, string remaining, string reset, bool refused) = sample;
            using HttpResponseMessage response = new(refused ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            response.Headers.TryAddWithoutValidation("X-RateLimit-Limit", limit);
            response.Headers.TryAddWithoutValidation("X-RateLimit-Remaining", [remaining, limit]);
            response.Headers.TryAddWithoutValidation("X-RateLimit-Reset", reset);
            DateTimeOffset now = new LeapingClock().GetUtcNow();

            RateLimitHints hints = RateLimitHeaders.Read(response, now);

            hints.Refused.ShouldBe(refused);
            (hints.Limit is null or > 0).ShouldBeTrue();
            (hints.Remaining is null or >= 0).ShouldBeTrue();
            (hints.RetryAfter is null || (refused && hints.RetryAfter > TimeSpan.Zero)).ShouldBeTrue();
            TimeSpan wait = RetryDelay.Next(1, RateLimitHeaders.RetryAfter(response, now), 0.5);
            wait.ShouldBeGreaterThan(TimeSpan.Zero);
            wait.ShouldBeLessThan(RetryDelay.LongestRetryAfter + TimeSpan.FromSeconds(1));
        }, 3000);

    // A validator from a server is saved next to the partial file, whatever it contains.
    [Fact]
    public void A_validator_round_trips_or_the_download_starts_again() =>
        Gen.Select(s_value, s_value).Try(sample =>
        {
            using TempFolder folder = new();
            string path = folder.Of("a.part.json");
            PartState.Replace(path, new PartState(sample.Item1, sample.Item2, 7));
            if (PartState.Read(path) is { } state)
            {
                state.Validator.ShouldBe(sample.Item2.Replace('\ud800', '\ufffd'));
                RangeConditionHeaderValue? condition = state.IfRange;
                (condition is null || condition.Date is not null || condition.EntityTag is { IsWeak: false }).ShouldBeTrue();
            }
        }, 300);
}
