using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Ledger;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

public sealed class LedgerAddressTests
{
    [Theory]
    [InlineData("https://x.blob.core.windows.net/c/run.jsonl", true)]
    [InlineData("HTTPS://x.blob.core.windows.net/c/run.jsonl", true)]
    [InlineData("http://127.0.0.1/c/run.jsonl", true)]
    [InlineData("Http://127.0.0.1/c/run.jsonl", true)]
    [InlineData("https://", false)]
    [InlineData("http://[", false)]
    [InlineData("https:run.jsonl", false)]
    [InlineData("ftp://x.blob.core.windows.net/c/run.jsonl", false)]
    [InlineData("file:///c/run.jsonl", false)]
    [InlineData("/c/run.jsonl", false)]
    [InlineData("run.jsonl", false)]
    [InlineData("", false)]
    public void Only_a_web_address_is_not_a_path(string text, bool isAddress)
    {
        (LedgerAddress.Of(text) is not null).ShouldBe(isAddress);
        LedgerStore store = LedgerStore.At(text);
        (store is LedgerBlob, store is LedgerFile).ShouldBe((isAddress, !isAddress));
    }

    [Theory]
    [InlineData("run.jsonl", "'run.jsonl' is not a valid URL.")]
    [InlineData("https://", "'https://' is not a valid URL.")]
    [InlineData("https://[/?sig=secret", "'https://[/?sig=***' is not a valid URL.")]
    [InlineData("https://me@x.blob.core.windows.net/c/run.jsonl",
        "'https://***@x.blob.core.windows.net/c/run.jsonl' is not the URL of a blob. It contains a user name.")]
    [InlineData("http://x.blob.core.windows.net/c/run.jsonl?sig=secret",
        "'http://x.blob.core.windows.net/c/run.jsonl?sig=***' is not the URL of a blob. Only https is allowed.")]
    [InlineData("https://x.blob.core.windows.net/c/run.jsonl?sv=1&sig=***",
        "'https://x.blob.core.windows.net/c/run.jsonl?sv=1&sig=***' is not the URL of a blob. Its signature is masked (***). Use the URL "
            + "with its signature.")]
    [InlineData("https://x.blob.core.windows.net",
        "'https://x.blob.core.windows.net' is not the URL of a blob. Expected https://<account>.blob.core.windows.net/<container>/"
            + "<name>.jsonl.")]
    [InlineData("https://x.blob.core.windows.net/c//?sig=secret",
        "'https://x.blob.core.windows.net/c//?sig=***' is not the URL of a blob. Expected "
            + "https://<account>.blob.core.windows.net/<container>/<name>.jsonl.")]
    [InlineData("https://x.blob.core.windows.net/c/run.jsonl#end",
        "'https://x.blob.core.windows.net/c/run.jsonl#end' is not the URL of a blob. It contains a #.")]
    public void What_is_not_the_address_of_a_blob_is_refused_without_showing_its_signature(string text, string expected) =>
        Should.Throw<FormatException>(() => LedgerAddress.Accept(text)).Message.ShouldBe(expected);

    [Theory]
    [InlineData("https://accept-one.blob.core.windows.net/c/run.jsonl", "", null)]
    [InlineData("https://accept-two.blob.core.windows.net/c/run.jsonl", "?", null)]
    [InlineData("https://accept-three.blob.core.windows.net/c/run.jsonl", "?sv=1&sig=secret", "sv=1&sig=secret")]
    [InlineData("https://accept-four.blob.core.windows.net/c/folder/run.jsonl", "?x", "x")]
    [InlineData("http://127.0.0.1/account/accepted/run.jsonl", "?sig=secret", "sig=secret")]
    public void The_signature_gives_access_and_is_not_part_of_the_address(string address, string query, string? signature)
    {
        LedgerAddress.Accept(address + query).ShouldBe(address);
        BlobCredential.AllOf(new Uri(address))[0].Signature.ShouldBe(signature);
    }
}
