using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests;

/// <summary>One rule defines valid ids, for responses of the API as well as for user input.</summary>
public sealed class VideoIdTests
{
    [Theory]
    [InlineData("vid-1", true)]
    [InlineData("a b", true)]
    [InlineData("视频/1?x#y", true)]
    [InlineData("7", true)]
    [InlineData("...", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" \u00A0", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a\u001Bb", false)]
    [InlineData("a\nb", false)]
    public void An_id_is_any_text_that_is_valid_in_a_URL_path(string? text, bool isValid) => VideoId.IsValid(text).ShouldBe(isValid);

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void An_id_has_at_most_2048_characters(int length, bool isValid) => VideoId.IsValid(new string('x', length)).ShouldBe(isValid);

    [Fact]
    public void Only_valid_ids_are_accepted_in_API_responses() =>
        Gen
            .Char.Array[0, 20]
            .Select(letters => new string(letters))
            .Sample(text =>
            {
                string body = $$"""{"id":{{JsonSerializer.Serialize(text)}},"status":"processing"}""";
                string sent = JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
                string? read = null;
                try
                {
                    read = ReplyParser.ReadSubmitted(Replies.Of(body))?.Id;
                }
                catch (ChuiziException exception)
                {
                    exception.Kind.ShouldBe(ChuiziErrorKind.MalformedReply);
                }

        read.ShouldBe(VideoId.IsValid(sent) ? sent : null);
    });
}
