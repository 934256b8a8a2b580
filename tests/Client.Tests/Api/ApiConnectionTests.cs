using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Text;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class ApiConnectionTests
{
    private const string Key = "ck-0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(null, "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData("   ", "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData(" https://api.chuizi.ai/v1/ ", "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData("https://API.chuizi.AI", "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData("https://api.chuizi.ai/", "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData("https://api.chuizi.ai:443", "https://api.chuizi.ai/v1", "https://api.chuizi.ai")]
    [InlineData("https://gateway.example:8443/chuizi/v2", "https://gateway.example:8443/chuizi/v2", "https://gateway.example:8443")]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5000/v1", "http://127.0.0.1:5000")]
    [InlineData("http://127.8.9.10:5000/v1", "http://127.8.9.10:5000/v1", "http://127.8.9.10:5000")]
    [InlineData("http://localhost:5000", "http://localhost:5000/v1", "http://localhost:5000")]
    [InlineData("http://LocalHost", "http://localhost/v1", "http://localhost")]
    [InlineData("http://[::1]:5000", "http://[::1]:5000/v1", "http://[::1]:5000")]
    public void A_valid_address_is_accepted_and_a_bare_host_gets_the_API_path(string? given, string expected, string origin)
    {
        ApiConnection connection = ApiConnection.Create(Key, given);
        connection.BaseAddress.AbsoluteUri.ShouldBe(expected);
        connection.Origin.ShouldBe(origin);
        connection.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("api.chuizi.ai")]
    [InlineData("api.chuizi.ai/v1")]
    [InlineData("localhost:5000")]
    [InlineData("/v1")]
    [InlineData("C:\\v1")]
    [InlineData("ftp://api.chuizi.ai/v1")]
    [InlineData("file:///v1")]
    [InlineData("ws://api.chuizi.ai")]
    [InlineData("https://")]
    [InlineData("https://user:password@api.chuizi.ai/v1")]
    [InlineData("https://api.chuizi.ai/v1?region=eu")]
    [InlineData("https://api.chuizi.ai/v1#top")]
    [InlineData("http://api.chuizi.ai/v1")]
    [InlineData("http://10.0.0.1/v1")]
    [InlineData("http://0.0.0.0/v1")]
    [InlineData("http://localhost.example/v1")]
    [InlineData("http://127.0.0.1.example/v1")]
    [InlineData("http://[::2]/v1")]
    public void An_invalid_address_is_rejected_by_name(string given)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => ApiConnection.Create(Key, given));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidBaseAddress);
        exception.EndsTheRun.ShouldBeTrue();
        exception.Message.ShouldContain(given.Replace("user:password", "***", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_http_except_on_loopback_is_refused_because_of_the_key() =>
        Should.Throw<ChuiziException>(() => ApiConnection.Create(Key, "http://api.chuizi.ai/v1")).Message.ShouldContain("unencrypted");

    [Theory]
    [InlineData("ftp://example/" + Key)]
    [InlineData("http://example/" + Key)]
    [InlineData("https://" + Key + "@api.chuizi.ai")]
    public void A_key_in_the_wrong_place_is_not_repeated(string given) =>
        Should.Throw<ChuiziException>(() => ApiConnection.Create(Key, given)).ToString().ShouldNotContain(Key);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \t")]
    public void A_missing_key_throws_NotConnected(string? key) =>
        Should.Throw<ChuiziException>(() => ApiConnection.Create(key)).Kind.ShouldBe(ChuiziErrorKind.NotConnected);

    [Theory]
    [InlineData("ck-01234567 89abcdef")]
    [InlineData("ck-0123\r\nX-Evil: 1")]
    [InlineData("ck-0123\u00e9")]
    [InlineData("ck-\u201ctypographic\u201d")]
    [InlineData("ck-0123\u007f")]
    [InlineData("ck-0123\0")]
    public void A_key_that_is_not_valid_in_a_header_is_refused_without_repeating_it(string key)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => ApiConnection.Create(key));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidApiKey);
        exception.ToString().ShouldNotContain(key);
    }

    [Fact]
    public void Spaces_around_a_pasted_key_are_ignored()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.chuizi.ai/v1/models");
        ApiConnection.Create($" {Key}\n").Authorize(request);
        request.Headers.Authorization!.ToString().ShouldBe("Bearer " + Key);
    }

    [Theory]
    [InlineData("http://api.chuizi.ai/v1/models")]
    [InlineData("https://api.chuizi.ai:444/v1/models")]
    [InlineData("https://media.chuizi.ai/v1/models")]
    [InlineData("https://api.chuizi.ai.evil.example/v1/models")]
    [InlineData("https://api.chuizi.ai@evil.example/v1/models")]
    public void The_key_is_not_added_to_a_request_to_another_origin(string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        Should.Throw<InvalidOperationException>(() => ApiConnection.Create(Key).Authorize(request)).Message.ShouldNotContain(Key);
        request.Headers.Authorization.ShouldBeNull();
    }

    [Theory]
    [InlineData("https://media.chuizi.ai/a.mp4", true)]
    [InlineData("http://127.0.0.1:1/a.mp4", true)]
    [InlineData("http://[::1]/a.mp4", true)]
    [InlineData("http://media.chuizi.ai/a.mp4", false)]
    [InlineData("ftp://127.0.0.1/a.mp4", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Only_https_and_loopback_are_fetched(string address, bool isSafe) =>
        WebAddress.IsSafe(new Uri(address)).ShouldBe(isSafe);

    [Fact]
    public void A_relative_address_is_not_fetched() => WebAddress.IsSafe(new Uri("/a.mp4", UriKind.Relative)).ShouldBeFalse();
}
