using Chuizi.Video.Client.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Text;

public sealed class SignedUrlTests
{
    public static TheoryData<string> Signatures { get; } =
    [
        "sv=2024-11-04&st=2026-01-01&se=2026-01-02&sr=b&sp=r&sig=NEW",
        "sv=2024-11-04&ss=b&srt=o&sp=r&se=2026-01-02&spr=https&sig=NEW",
        "sv=2024&skoid=a&sktid=b&skt=c&ske=d&sks=b&skv=e&sr=b&sig=NEW",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k&X-Amz-Date=NEW&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=NEW",
        "AWSAccessKeyId=k&Expires=17NEW&Signature=NEW&x-amz-security-token=NEW",
        "X-Goog-Algorithm=a&X-Goog-Credential=c&X-Goog-Date=NEW&X-Goog-Expires=1&X-Goog-SignedHeaders=host&X-Goog-Signature=NEW",
        "GoogleAccessId=a&Expires=1NEW&Signature=NEW",
        "x-oss-signature-version=OSS4&x-oss-credential=c&x-oss-date=NEW&x-oss-expires=1&x-oss-signature=NEW",
        "OSSAccessKeyId=k&Expires=1NEW&Signature=NEW&security-token=NEW",
        "q-sign-algorithm=sha1&q-ak=k&q-sign-time=NEW&q-key-time=NEW&q-header-list=host&q-url-param-list=&q-signature=NEW",
        "Expires=1NEW&Signature=NEW&Key-Pair-Id=k",
        "Policy=NEW&Signature=NEW&Key-Pair-Id=k",
    ];

    [Theory]
    [MemberData(nameof(Signatures))]
    public void The_same_file_with_another_signature_is_the_same_URL(string signature)
    {
        string first = signature.Replace("NEW", "111", StringComparison.Ordinal);
        string second = signature.Replace("NEW", "222", StringComparison.Ordinal);
        foreach (string url in new[] { "https://h/a.png?{0}", "https://h/a.png?versionId=7&{0}&x=1", "https://h/a.png?{0}#part" })
        {
            string rest = SignedUrl.WithoutSignature(url.Replace("{0}", first, StringComparison.Ordinal));
            SignedUrl.WithoutSignature(url.Replace("{0}", second, StringComparison.Ordinal)).ShouldBe(rest);
            rest.ShouldNotContain("111");
            SignedUrl.WithoutSignature(rest).ShouldBe(rest);
        }
    }

    [Theory]
    [InlineData("https://h/a.png")]
    [InlineData("https://h/a.png?")]
    [InlineData("https://h/a.png?sig=1")]
    [InlineData("https://h/a.png?sv=1&sp=r&st=2")]
    [InlineData("https://h/a.png?Expires=1")]
    [InlineData("https://h/a.png?Signature=1&Expires=2")]
    [InlineData("https://h/a.png?X-Amz-Signature=1")]
    [InlineData("https://h/a.png?sig=1&sig=2&sv=3")]
    [InlineData("https://h/a.png?versionId=1&snapshot=2&x-oss-process=image/resize")]
    [InlineData("data:image/png;base64,AAAA?sig=1&sv=2")]
    public void Anything_else_is_part_of_the_address(string url) => SignedUrl.WithoutSignature(url).ShouldBe(url);

    // A key that is too coarse would skip a row, and one that is too fine would pay for it again.
    [Fact]
    public void URLs_that_differ_in_anything_else_are_different()
    {
        Gen<string> word = Gen.String[Gen.Char.AlphaNumeric, 1, 5];
        Gen<string> name = Gen.OneOf("versionId", "snapshot", "x-oss-process", "v", "id");
        Gen.Select(Gen.OneOf([.. Signatures.Select(row => row.Data)]), word, word, name, Gen.Int[0, 3])
            .Sample((signature, left, right, parameter, place) =>
            {
                string Of(string value) => place switch
                {
                    0 => $"https://{value}.example/a.png?{signature}",
                    1 => $"https://h.example/{value}.png?{signature}",
                    2 => $"https://h.example/a.png?{parameter}={value}&{signature}",
                    _ => $"https://h.example/a.png?{signature}&{parameter}={value}",
                };
                (SignedUrl.WithoutSignature(Of(left)) == SignedUrl.WithoutSignature(Of(right))).ShouldBe(left == right);
            });
    }

    [Theory]
    [MemberData(nameof(Signatures))]
    public void A_masked_URL_has_no_signature_and_is_recognized(string signature)
    {
        string secret = signature
            .Replace("ignature=NEW", "ignature=SECRET", StringComparison.Ordinal)
            .Replace("sig=NEW", "sig=SECRET", StringComparison.Ordinal);
        string url = $"https://h/a.png?x=1&{secret}";
        string masked = SecretRedactor.Mask(url);
        SignedUrl.IsMasked(masked).ShouldBeTrue(masked);
        SignedUrl.IsMasked(url).ShouldBeFalse();
        masked.ShouldNotContain("SECRET");
    }
}
