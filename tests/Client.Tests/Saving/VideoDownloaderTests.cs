using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class VideoDownloaderTests : DownloadTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(5_000_000)]
    public async Task A_video_is_saved_byte_for_byte_with_its_hash(long padding)
    {
        (SandboxServer server, Uri address) = await MakeAsync(padding);
        byte[] expected = await ReferenceAsync(address);
        DownloadedFile file = await SaveAsync(address);
        ShouldHave(file, expected);
        Meter.Bytes.ShouldBe(expected.Length);
        MediaRequests(server).Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_key_is_not_sent_to_the_media_origin()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        await SaveAsync(address);
        RecordedRequest request = MediaRequests(server).Single();
        request.Headers.ContainsKey("Authorization").ShouldBeFalse();
        request.Headers.Values.ShouldAllBe(value => !value.Contains(server.ApiKey, StringComparison.Ordinal));
        request.Headers["User-Agent"].ShouldStartWith("Chuizi.Video/");
        request.Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_folder_is_created()
    {
        (_, Uri address) = await MakeAsync();
        string path = System.IO.Path.Combine(Target.Path, "a", "b", "ünïcödé 视频.mp4");
        DownloadedFile file = await Downloader().SaveAsync(new DownloadRequest(address, path), null, CancellationToken.None);
        file.Path.ShouldBe(path);
        new FileInfo(path).Length.ShouldBe(file.Length);
    }

    [Fact]
    public async Task An_existing_file_is_kept_and_nothing_is_downloaded()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        File.WriteAllText(Path, "mine");
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address));
        exception.Kind.ShouldBe(ChuiziErrorKind.FileExists);
        exception.Message.ShouldContain(Path);
        File.ReadAllText(Path).ShouldBe("mine");
        MediaRequests(server).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_when_the_new_one_is_complete()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        File.WriteAllText(Path, "mine");
        server.Faults.Add(new SandboxFault { Kind = FaultKind.WrongLength, Times = 2 });
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, overwrite: true, retries: 1));
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        File.ReadAllText(Path).ShouldBe("mine");
        Target.Names.ShouldBe(["video.mp4"]);

        DownloadedFile file = await SaveAsync(address, overwrite: true);
        ShouldHave(file, await ReferenceAsync(address));
    }

    [Fact]
    public async Task A_file_that_appears_during_the_download_is_kept()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Slow, Match = _ =>
            {
                File.WriteAllText(Path, "mine");
                return true;
            },
        });
        (await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address))).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        File.ReadAllText(Path).ShouldBe("mine");
        Target.Names.ShouldBe(["video.mp4"]);
    }

    [Fact]
    public async Task A_partial_file_left_by_a_crash_is_downloaded_again()
    {
        (_, Uri address) = await MakeAsync();
        File.WriteAllBytes(Path + ".part", new byte[10_000_000]);
        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));
    }

    [Fact]
    public async Task A_second_download_to_the_same_file_is_refused_without_affecting_the_first()
    {
        ManualClock clock = new();
        SandboxServer server = Start(new SandboxOptions { Clock = clock, GenerationTime = TimeSpan.Zero });
        ChuiziClient client = Connect(server);
        string id = (await client.SubmitAsync(Request(), CancellationToken.None)).Id;
        Uri address = (await client.GetAsync(id, CancellationToken.None)).Url!;
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Slow, Route = SandboxRoute.Media, Delay = TimeSpan.FromSeconds(1) });
        Task<DownloadedFile> first = SaveAsync(address, overwrite: true);
        await clock.WaitForTimersAsync();

        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, overwrite: true));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        File.Exists(Path + ".part").ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(1));
        ShouldHave(await first, await ReferenceAsync(address));
    }

    [Fact]
    public async Task Many_downloads_to_one_file_leave_one_complete_file()
    {
        (_, Uri address) = await MakeAsync(200_000);
        byte[] expected = await ReferenceAsync(address);
        int saved = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, token) =>
        {
            try
            {
                await SaveAsync(address, overwrite: true, cancellationToken: token);
                Interlocked.Increment(ref saved);
            }
            catch (ChuiziException exception) when (exception.Kind == ChuiziErrorKind.CannotWrite)
            {
                // Another download has the file open.
            }

        });
        saved.ShouldBeGreaterThan(0);
        Target.Names.ShouldBe(["video.mp4"]);
        File.ReadAllBytes(Path).AsSpan().SequenceEqual(expected).ShouldBeTrue();
    }

    [Fact]
    public async Task Canceling_ends_the_download_at_once_and_keeps_the_partial_file()
    {
        (SandboxServer server, Uri address) = await MakeAsync(1_000_000);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, Route = SandboxRoute.Media, At = 300_000 });
        using CancellationTokenSource cancellation = new();
        Task<DownloadedFile> save = SaveAsync(address, cancellationToken: cancellation.Token);
        await Eventually.IsAsync(() => Meter.Bytes == 300_000);
        Target.Names.ShouldBe(["video.mp4.part", "video.mp4.part.json"]);

        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(save);
        Target.Names.ShouldBe(["video.mp4.part", "video.mp4.part.json"]);
        new FileInfo(Path + ".part").Length.ShouldBe(300_000);
        await Eventually.IsAsync(() => server.ActiveRequests == 0);
    }

    [Fact]
    public async Task Canceling_ends_a_delay_between_attempts()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Route = SandboxRoute.Media, Times = int.MaxValue });
        ManualClock clock = new();
        using CancellationTokenSource cancellation = new();
        Task<DownloadedFile> save = Downloader(clock).SaveAsync(new DownloadRequest(address, Path), null, cancellation.Token);
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() < TimeSpan.FromSeconds(1));
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(save);
        Target.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_downloads_share_one_meter()
    {
        (_, Uri address) = await MakeAsync(100_000);
        long length = (await ReferenceAsync(address)).Length;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Downloader().SaveAsync(new DownloadRequest(address, Target.Of($"{number}.mp4")), Meter, CancellationToken.None)));
        Meter.Bytes.ShouldBe(8 * length);
        Target.Names.Count().ShouldBe(8);
    }
}
