using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests;

public sealed class VideoStatusTests
{
    [Theory]
    [InlineData("processing", false)]
    [InlineData("succeeded", true)]
    [InlineData("failed", true)]
    [InlineData("unknown", true)]
    [InlineData("skipped", true)]
    [InlineData("queued", false)]
    [InlineData("", false)]
    public void One_place_says_what_is_terminal(string status, bool isTerminal) => VideoStatus.IsTerminal(status).ShouldBe(isTerminal);

    [Theory]
    [InlineData("unknown")]
    [InlineData("skipped")]
    public void The_clients_own_words_are_never_believed_of_the_api(string word)
    {
        VideoStatus.FromWire(word, out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBe(word);
    }

    [Fact]
    public void Turkish_letters_do_not_matter()
    {
        using Support.InCulture culture = new("tr-TR");
        VideoStatus.FromWire("failed", out _).ShouldBe(VideoStatus.Failed);
        VideoStatus.FromWire("processing", out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBeNull();
    }
}
