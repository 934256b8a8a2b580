using Chuizi.Video.Client.Api;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class RequestTraceTests
{
    [Theory]
    [InlineData(200, null, "req-1", "GET /models: 200 in 1235 ms, attempt 2, request req-1")]
    [InlineData(503, null, null, "GET /models: 503 in 1235 ms, attempt 2")]
    [InlineData(null, "timed out", "req-1", "GET /models: timed out in 1235 ms, attempt 2, request req-1")]
    [InlineData(null, "timed out", null, "GET /models: timed out in 1235 ms, attempt 2")]
    [InlineData(206, "The connection broke.", null, "GET /models: 206 in 1235 ms, attempt 2")]
    public void The_line_states_the_outcome_the_time_and_the_attempt(int? status, string? failure, string? requestId, string expected) =>
        Trace(status, failure, requestId).ToString().ShouldBe(expected);

    [Fact]
    public void Without_bodies_there_are_no_further_lines() => Trace(200).Bodies.ShouldBeEmpty();

    [Fact]
    public void Each_body_has_a_line()
    {
        (Trace(200) with { Sent = "{1}", Received = "{2}" }).Bodies
            .ShouldBe(["GET /models, attempt 2, sent: {1}", "GET /models, attempt 2, received 200: {2}"]);
        (Trace(null) with { Sent = "{1}" }).Bodies.ShouldBe(["GET /models, attempt 2, sent: {1}"]);
        (Trace(404) with { Received = "{2}" }).Bodies.ShouldBe(["GET /models, attempt 2, received 404: {2}"]);
    }

    private static RequestTrace Trace(int? status, string? failure = null, string? requestId = null) =>
        new("GET", "/models", 2, status, TimeSpan.FromMilliseconds(1234.6), requestId, failure);
}
