using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

[Trait("Repeats", "Many")]
public sealed class ReplyParserFuzzTests
{
    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_bytes_result_in_a_state_or_a_malformed_reply() => JsonGen.Bytes.Sample(Check, iter: Repeats.Of(4000));

    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_JSON_object_is_a_state_or_a_malformed_reply() =>
        JsonGen.ObjectText.Sample(text => Check(System.Text.Encoding.UTF8.GetBytes(text)), iter: Repeats.Of(4000));

    [Fact]
    public void Invalid_UTF8_anywhere_causes_no_other_failure()
    {
        byte[] whole =
            """{"id":"vid-1","status":"succeeded","url":"https://a/1","cost":"1","created":"2026-01-02","error":{"message":"m"}}"""u8.ToArray();
        foreach (byte wrong in new byte[] { 0x80, 0xC0, 0xED, 0xFE, 0xFF, 0x00, (byte)'"', (byte)'\\' })
        {
            for (int at = 0; at < whole.Length; at++)
            {
                byte[] body = [.. whole];
                body[at] = wrong;
                Check(body);
            }
        }
    }

    [Fact]
    public void A_reply_truncated_anywhere_is_malformed()
    {
        byte[] whole = """{"id":"vid-1","status":"succeeded","error":{"message":"m"}}"""u8.ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            Should
                .Throw<ChuiziException>(() => ReplyParser.ReadState(Replies.Of(whole[..length]), "vid-1"))
                .Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
        }
    }

    private static void Check(byte[] body)
    {
        foreach (
            Func<VideoState?> read in new[]
            {
                () => ReplyParser.ReadState(Replies.Of(body), "vid-1"),
                () => ReplyParser.ReadSubmitted(Replies.Of(body)),
            })
        {
            try
            {
                (read() is not { } state || IsSound(state)).ShouldBeTrue();
            }
            catch (ChuiziException exception)
            {
                exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
            }
        }
    }

    private static bool IsSound(VideoState state) =>
        !string.IsNullOrWhiteSpace(state.Id)
        && state.Status is VideoStatus.Processing or VideoStatus.Succeeded or VideoStatus.Failed
        && (state.Status == VideoStatus.Failed) == (state.Error is not null)
        && (state.Url is null || state.Url.Scheme is "http" or "https")
        && state.Latency is null or { Ticks: >= 0 };
}
