using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>A CDN that gets a file some seconds after the API has reported it.</summary>
public sealed class LateVideoTests : DownloadTest
{
    private static readonly byte[] s_file = Mp4.Make();

    [Theory]
    [InlineData(404)]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(409)]
    [InlineData(425)]
    public async Task A_video_that_has_just_been_finished_is_requested_for_some_seconds(int status)
    {
        int requests = 0;
        RawServer server = Serve(_ => ++requests <= 4 ? RawReply.Of(status, []) : RawReply.Of(200, s_file));
        await SaveAsync(server.Address, isJustFinished: true);
        File.ReadAllBytes(Path).ShouldBe(s_file);
        Leaping.Leaps.Sum(leap => leap.TotalSeconds).ShouldBe(1 + 1 + 2 + 3);
    }

    [Theory]
    [InlineData("X-No: delay", 1)]
    [InlineData("Retry-After: 0", 1)]
    [InlineData("Retry-After: 3", 3)]
    [InlineData("Retry-After: 60", 6)]
    public async Task The_server_may_ask_for_a_longer_delay_but_not_for_more_than_the_longest_one(string header, int seconds)
    {
        int requests = 0;
        RawServer server = Serve(_ => ++requests == 1 ? RawReply.Of(404, [], header) : RawReply.Of(200, s_file));
        await SaveAsync(server.Address, isJustFinished: true);
        Leaping.Leaps.ShouldBe([TimeSpan.FromSeconds(seconds)]);
    }

    [Fact]
    public async Task If_it_does_not_appear_the_API_is_asked_for_another_URL_and_then_the_failure_is_reported()
    {
        int refreshed = 0;
        RawServer server = Serve(_ => RawReply.Of(404, []));
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(
            server.Address,
            isJustFinished: true,
            refresh: _ =>
            {
                refreshed++;
                return Task.FromResult<Uri?>(new Uri(server.Address, "/other"));
            }));
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        exception.Status.ShouldBe(404);
        refreshed.ShouldBe(1);
        Leaping.Leaps.Sum(leap => leap.TotalSeconds).ShouldBeInRange(10, 60);
        Target.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_video_of_an_earlier_day_fails_at_once()
    {
        RawServer server = Serve(_ => RawReply.Of(404, []));
        (await FailAsync(server.Address)).Status.ShouldBe(404);
        server.Requests.Count.ShouldBe(1);
    }

    private Task<DownloadedFile> SaveAsync(Uri address, bool isJustFinished, Func<CancellationToken, Task<Uri?>>? refresh = null)
    {
        DownloadRequest download = new(address, Path) { IsJustFinished = isJustFinished, RefreshAddress = refresh };
        return Downloader().SaveAsync(download, null, CancellationToken.None);
    }
}
