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
    public void Only_final_statuses_are_terminal(string status, bool isTerminal) => VideoStatus.IsTerminal(status).ShouldBe(isTerminal);

    [Theory]
    [InlineData("unknown")]
    [InlineData("skipped")]
    public void Client_only_statuses_are_not_accepted_from_the_API(string word)
    {
        VideoStatus.FromWire(word, out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBe(word);
    }

    [Fact]
    public void Turkish_casing_does_not_matter()
    {
        using Support.InCulture culture = new("tr-TR");
        VideoStatus.FromWire("failed", out _).ShouldBe(VideoStatus.Failed);
        VideoStatus.FromWire("processing", out string? unfamiliar).ShouldBe(VideoStatus.Processing);
        unfamiliar.ShouldBeNull();
    }
}
