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
}
