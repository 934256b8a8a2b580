using System.Text;
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
    [InlineData("https://gateway.example//", "https://gateway.example/v1", "https://gateway.example")]
    [InlineData("https://gateway.example/v2//", "https://gateway.example/v2", "https://gateway.example")]
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

    [Theory]
    [InlineData(" api.chuizi.ai ", "api.chuizi.ai")]
    [InlineData("ftp://api.chuizi.ai", "ftp://api.chuizi.ai")]
    [InlineData("https://api.chuizi.ai/?a", "https://api.chuizi.ai/?a")]
    [InlineData("https://api.chuizi.ai/#a", "https://api.chuizi.ai/#a")]
    [InlineData("https://a@api.chuizi.ai/", "https://***@api.chuizi.ai/")]
    public void An_invalid_address_is_shown_with_an_example(string given, string shown) =>
        Should.Throw<ChuiziException>(() => ApiConnection.Create(Key, given)).Message.ShouldBe(
            $"The base address '{shown}' is not a valid http or https address. Use an address such as https://api.chuizi.ai/v1.");

    [Fact]
    public void Plain_http_except_on_loopback_is_refused_because_of_the_key() =>
        Should.Throw<ChuiziException>(() => ApiConnection.Create(Key, " http://api.chuizi.ai/v1 ")).Message.ShouldBe(
            "The base address 'http://api.chuizi.ai/v1' uses http, which would send the API key unencrypted. Use https; http is "
                + "allowed only for loopback addresses (127.0.0.1, localhost).");

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
    public void A_missing_key_throws_NotConnected(string? key)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => ApiConnection.Create(key));
        exception.Kind.ShouldBe(ChuiziErrorKind.NotConnected);
        exception.Message.ShouldBe("No API key was specified.");
    }

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
        exception.Message.ShouldBe(
            "The API key contains a space, a line break or another character that is not allowed. An API key is 'ck-' followed by "
                + "32 letters or digits.");
    }

    [Fact]
    public void The_first_and_the_last_printable_character_are_allowed_in_a_key()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.chuizi.ai/v1/models");
        ApiConnection.Create("!ck~").Authorize(request);
        request.Headers.Authorization!.ToString().ShouldBe("Bearer !ck~");
    }

    [Theory]
    [InlineData("ck-sandbox", true)]
    [InlineData("ck-sandbox0000000000000000000000000", true)]
    [InlineData("ck-sandbo0", false)]
    [InlineData("CK-SANDBOX", false)]
    [InlineData("gateway-ck-sandbox", false)]
    [InlineData(Key, false)]
    public void A_sandbox_is_recognized_by_the_key(string key, bool isSandbox) =>
        ApiConnection.Create(key).IsSandbox.ShouldBe(isSandbox);

    [Theory]
    [InlineData(null, false)]
    [InlineData("https://gateway.example", false)]
    [InlineData("http://127.0.0.1:5000", true)]
    [InlineData("https://10.0.0.5", true)]
    public void An_API_in_a_private_network_is_recognized_by_the_address(string? address, bool isPrivate) =>
        ApiConnection.Create(Key, address).IsPrivateNetwork.ShouldBe(isPrivate);

    [Fact]
    public void The_identity_is_that_of_the_key_and_the_origin_and_does_not_reveal_the_key()
    {
        string identity = ApiConnection.Create(Key, "https://api.chuizi.ai/v1").Identity;
        identity.ShouldStartWith("https://api.chuizi.ai ");
        identity.ShouldNotContain(Key);
        identity.ShouldBe(ApiConnection.Create($" {Key} ", "https://api.chuizi.ai/v2").Identity);
        identity.ShouldNotBe(ApiConnection.Create(Key, "https://api.chuizi.ai:8443/v1").Identity);
        identity.ShouldNotBe(ApiConnection.Create(Key + "0", "https://api.chuizi.ai/v1").Identity);
    }

    [Fact]
    public void A_text_is_shown_without_the_key() =>
        ApiConnection.Create("gateway_key.of+another/form=").Mask("The key gateway_key.of+another/form= is blocked.")
            .ShouldBe("The key ck-*** is blocked.");

    // A shorter key would also match by chance.
    [Theory]
    [InlineData("abcdefg", "an abcdefg in a text", "an abcdefg in a text")]
    [InlineData("abcdefgh", "an abcdefgh in a text", "an ck-*** in a text")]
    [InlineData("abcdefgh", "abcdefgh", "ck-***")]
    [InlineData("abcdefgh", "abcdefgh and abcdefgh", "ck-*** and ck-***")]
    [InlineData(Key, "\u00e9 " + Key + " \u89c6", "\u00e9 ck-*** \u89c6")]
    [InlineData(Key, "", "")]
    public void A_key_of_eight_characters_or_more_is_removed_from_a_response(string key, string body, string expected) =>
        Encoding.UTF8.GetString(ApiConnection.Create(key).Mask(Encoding.UTF8.GetBytes(body)).Span).ShouldBe(expected);

    [Fact]
    public void A_response_without_the_key_is_not_copied()
    {
        ReadOnlyMemory<byte> body = "{}"u8.ToArray();
        ApiConnection.Create(Key).Mask(body).Equals(body).ShouldBeTrue();
    }

    [Fact]
    public void The_key_is_not_added_to_a_request_without_an_address()
    {
        using HttpRequestMessage request = new();
        Should.Throw<InvalidOperationException>(() => ApiConnection.Create(Key).Authorize(request))
            .Message.ShouldBe("The API key is sent only to the API's origin.");
        request.Headers.Authorization.ShouldBeNull();
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
        Should.Throw<InvalidOperationException>(() => ApiConnection.Create(Key).Authorize(request))
            .Message.ShouldBe("The API key is sent only to the API's origin.");
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
