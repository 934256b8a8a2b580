using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class SecretRedactorTests
{
    [Theory]
    [InlineData("no key here", "no key here")]
    [InlineData("Bearer ck-0123456789abcdef0123456789abcdef", "Bearer ck-***")]
    [InlineData("'ck-0123456789abcdef0123456789abcdef'.", "'ck-***'.")]
    [InlineData("ck-12345678", "ck-***")]
    [InlineData("a ck-1234567 is too short for one", "a ck-1234567 is too short for one")]
    [InlineData("_ck-0123456789abcdef", "_ck-***")]
    [InlineData("key=ck-0123456789abcdef&x=1", "key=ck-***&x=1")]
    [InlineData("duck-shaped truck-mounted", "duck-shaped truck-mounted")]
    [InlineData("ck-0123456789abcdef and ck-fedcba9876543210", "ck-*** and ck-***")]
    public void Text_that_looks_like_a_key_is_masked(string text, string expected) => SecretRedactor.Mask(text).ShouldBe(expected);

    [Theory]
    [InlineData("The proxy tunnel request to proxy 'http://corpuser:S3cretPw@127.0.0.1:8/' failed", "The proxy tunnel request to proxy 'http://***@127.0.0.1:8/' failed")]
    [InlineData("https://user@host/a and https://u:p@ss@host/b", "https://***@host/a and https://***@host/b")]
    [InlineData("socks5://u:p@host", "socks5://***@host")]
    [InlineData("https://host/a@b and mail@host", "https://host/a@b and mail@host")]
    [InlineData("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc", "Authorization: Bearer ***")]
    [InlineData("Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==", "Proxy-Authorization: Basic ***")]
    [InlineData("Bearer authentication and Basic authentication", "Bearer authentication and Basic authentication")]
    [InlineData("https://a.blob/x.png?sv=2024&sig=abc%2Fdef&se=1", "https://a.blob/x.png?sv=2024&sig=***&se=1")]
    [InlineData("https://b.s3/x?X-Amz-Signature=0af1&X-Amz-Security-Token=t", "https://b.s3/x?X-Amz-Signature=***&X-Amz-Security-Token=***")]
    [InlineData("https://b.oss/x?Expires=1&Signature=abc&x-oss-signature=q", "https://b.oss/x?Expires=1&Signature=***&x-oss-signature=***")]
    [InlineData("https://b.gcs/x?X-Goog-Signature=abc", "https://b.gcs/x?X-Goog-Signature=***")]
    [InlineData("https://b.cos/x?q-signature=abc", "https://b.cos/x?q-signature=***")]
    [InlineData("https://a/x?signal=1&design=2", "https://a/x?signal=1&design=2")]
    public void Other_secrets_are_masked(string text, string expected) => SecretRedactor.Mask(text).ShouldBe(expected);

    [Fact]
    public void An_exception_has_no_secret_in_its_causes_either()
    {
        HttpRequestException cause = new("proxy 'http://u:S3cretPw@127.0.0.1:8/' failed", new IOException("http://u:S3cretPw@127.0.0.1"));
        ChuiziException exception = new(ChuiziErrorKind.Unreachable, cause.Message, cause);
        exception.ToString().ShouldNotContain("S3cretPw");
        exception.InnerException.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("my key is ck-0123456789abcdef0123456789ABCDEF.", true)]
    [InlineData("ck-underwear, advertised", false)]
    [InlineData("truck-0123456789abcdef0123456789abcdef", false)]
    public void HoldsKey_distinguishes_keys_from_similar_words(string text, bool holdsKey) =>
        SecretRedactor.HoldsKey(text).ShouldBe(holdsKey);

    [Fact]
    public void A_known_key_of_another_format_is_masked() =>
        SecretRedactor.Mask("the key sk_live.42/x is not valid", "sk_live.42/x").ShouldBe("the key ck-*** is not valid");

    [Fact]
    public void Masked_text_never_contains_the_key() =>
        Gen.Select(Gen.String, Gen.String[Gen.Char.AlphaNumeric, 12, 40], Gen.String).Sample((before, key, after) =>
            SecretRedactor.Mask(before + key + after, key).Contains(key, StringComparison.Ordinal).ShouldBeFalse());
}
