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
