using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class TransferWaitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Only_the_time_of_a_wait_counts_and_not_the_time_between_two()
    {
        using TransferWait wait = new(new DownloadOptions { Clock = _clock }, CancellationToken.None);
        (await wait.WaitAsync(_ => new ValueTask<int>(7), "a")).ShouldBe(7);
        _clock.Advance(TimeSpan.FromSeconds(61));
        (await wait.WaitAsync(token => new ValueTask<bool>(token.IsCancellationRequested), "a")).ShouldBeFalse();

        Task<int> stalled = wait.WaitAsync(ForeverAsync, "https://media.example/a.mp4").AsTask();
        _clock.Advance(TimeSpan.FromSeconds(59));
        stalled.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(stalled);
        (exception.Kind, exception.Message).ShouldBe(
            (ChuiziErrorKind.DownloadIncomplete, "https://media.example/a.mp4 sent no data for 60 s."));
    }

    private static async ValueTask<int> ForeverAsync(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, token);
        return 0;
    }
}
