using System.Collections.Concurrent;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

[Collection(nameof(Alone))]
public sealed class ManagedIdentityTests : ClientTest
{
    private const string Token = """{"access_token":"token"}""";
    private const string Problem = "The managed identity returned no token for Azure Storage: ";

    private readonly List<TimeSpan> _pauses = [];

    [Theory]
    [InlineData("http://127.0.0.1/oauth2/token", "secret", true)]
    [InlineData("https://identity.example/token?x=1", "secret", true)]
    [InlineData("http://127.0.0.1/oauth2/token", "", false)]
    [InlineData("http://127.0.0.1/oauth2/token", null, false)]
    [InlineData(null, "secret", false)]
    [InlineData("oauth2/token", "secret", false)]
    [InlineData("ftp://127.0.0.1/oauth2/token", "secret", false)]
    [InlineData(null, null, false)]
    public void It_exists_if_both_variables_are_set(string? endpoint, string? header, bool exists)
    {
        using IdentityVariables variables = new(endpoint, header);
        ManagedIdentity.Exists.ShouldBe(exists);
    }

    [Theory]
    [InlineData("oauth2/token", "/oauth2/token?")]
    [InlineData("oauth2/token?x=1", "/oauth2/token?x=1&")]
    public void It_is_asked_for_a_token_for_Azure_Storage(string endpoint, string target)
    {
        RawServer identity = Serve(_ => RawReply.Json(Token));
        using IdentityVariables variables = new(identity.Address + endpoint, "secret");
        Obtain().Value.ShouldBe("token");
        RawRequest request = identity.Requests.Single();
        request.Method.ShouldBe("GET");
        request.Target.ShouldBe($"{target}resource=https%3A%2F%2Fstorage.azure.com%2F&api-version=2019-08-01");
        request.Headers["X-IDENTITY-HEADER"].ShouldBe("secret");
        request.Headers["Metadata"].ShouldBe("True");
    }

    [Theory]
    [InlineData("1767322800", 1_767_322_800)]
    [InlineData("\"1767322800\"", 1_767_322_800)]
    [InlineData("253402300799", 253_402_300_799)]
    [InlineData("253402300800", 253_402_300_799)]
    public void The_time_at_which_a_token_expires_is_in_seconds(string expires, long seconds)
    {
        RawServer identity = Serve(_ => RawReply.Json($$"""{"access_token":"token","expires_on":{{expires}}}"""));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        Obtain().Expires.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(seconds));
    }

    [Theory]
    [InlineData("""{"access_token":"token"}""")]
    [InlineData("""{"access_token":"token","expires_on":"2026-01-02"}""")]
    [InlineData("""{"access_token":"token","expires_on":-1}""")]
    [InlineData("""{"access_token":"token","expires_on":null}""")]
    public void A_token_without_a_valid_time_is_used_for_half_an_hour(string body)
    {
        RawServer identity = Serve(_ => RawReply.Json(body));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        DateTimeOffset before = DateTimeOffset.UtcNow;
        DateTimeOffset expires = Obtain().Expires;
        expires.ShouldBeInRange(before.AddMinutes(30), DateTimeOffset.UtcNow.AddMinutes(30));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"access_token":null}""")]
    [InlineData(200, """{"access_token":""}""")]
    [InlineData(200, """{"access_token":7}""")]
    [InlineData(500, """{"access_token":"wrong"}""")]
    public void A_response_without_a_token_is_followed_by_another_attempt(int status, string body)
    {
        ConcurrentQueue<RawReply> replies = new([RawReply.Json(body, status), RawReply.Json(Token)]);
        RawServer identity = Serve(_ => replies.TryDequeue(out RawReply? reply) ? reply : RawReply.Json("{}", 400));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        Obtain().Value.ShouldBe("token");
        identity.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(200, """{"token":"hidden"}""", "the response has no access_token.")]
    [InlineData(400, "{\"error\":\n\"invalid_request\"}", "HTTP status 400: {\"error\": \"invalid_request\"}")]
    public void After_three_attempts_the_last_problem_is_reported(int status, string body, string expected)
    {
        RawServer identity = Serve(_ => RawReply.Json(body, status));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        ChuiziException error = Should.Throw<ChuiziException>(() => Obtain());
        error.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        error.Message.ShouldBe(Problem + expected);
        identity.Requests.Count.ShouldBe(3);
        _pauses.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5)]);
    }

    [Fact]
    public void An_identity_that_does_not_respond_is_reported()
    {
        RawServer identity = Serve(_ => new RawReply([], Close: true));
        using IdentityVariables variables = new(identity.Address.AbsoluteUri, "secret");
        ChuiziException error = Should.Throw<ChuiziException>(() => Obtain());
        error.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        error.Message.ShouldStartWith(Problem);
        error.Message.Length.ShouldBeGreaterThan(Problem.Length);
    }

    private BlobToken Obtain() => ManagedIdentity.Obtain(_pauses.Add);
}
