using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class DownloadFaultTests : DownloadTest
{
    private const int Padding = 600_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    [InlineData(400_001)]
    public async Task An_interrupted_transfer_is_resumed_where_it_stopped(int at)
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = at });
        DownloadedFile file = await SaveAsync(address);
        ShouldHave(file, expected);
        RecordedRequest[] requests = MediaRequests(server)[1..];
        requests.Length.ShouldBe(2);
        requests[0].BytesSent.ShouldBe(at);
        requests[1].Headers["Range"].ShouldBe($"bytes={at}-");
        requests[1].Headers["If-Range"].ShouldStartWith("\"");
        requests[1].BytesSent.ShouldBe(expected.Length - at);
        requests[1].Status.ShouldBe(206);
        Meter.Bytes.ShouldBe(expected.Length);
    }

    [Fact]
    public async Task The_final_name_appears_only_when_the_file_is_complete()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        List<string> seen = [];
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 50_000, Times = 5, Match = _ =>
            {
                seen.AddRange(Target.Names);
                return true;
            },
        });
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.WrongLength, At = 100, Match = _ =>
            {
                seen.AddRange(Target.Names);
                return true;
            },
        });
        ShouldHave(await SaveAsync(address), expected);
        seen.Count(name => name == "video.mp4.part").ShouldBe(6);
        seen.ShouldNotContain("video.mp4");
    }

    [Fact]
    public async Task Any_number_of_interruptions_is_tolerated_while_there_is_progress()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 30_000, Times = 20 });
        ShouldHave(await SaveAsync(address, retries: 1), expected);
        MediaRequests(server)[1..].Sum(request => request.BytesSent).ShouldBe(expected.Length);
        Leaping.Leaps.ShouldAllBe(leap => leap == TimeSpan.FromSeconds(0.375));
    }

    [Theory]
    [InlineData(FaultKind.Truncated)]
    [InlineData(FaultKind.DropBeforeAcceptance)]
    public async Task A_transfer_without_progress_is_given_up(FaultKind kind)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = kind, Route = SandboxRoute.Media, Times = int.MaxValue });
        (await FailAsync(address, retries: 3)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        MediaRequests(server).Length.ShouldBe(4);
        Leaping.Leaps.Select(leap => leap.TotalSeconds).ShouldBe([0.375, 0.75, 1.5]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task A_stalled_transfer_is_ended_and_resumed(int at)
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, Route = SandboxRoute.Media, At = at });
        ManualClock clock = new();
        Task<DownloadedFile> save = Downloader(clock).SaveAsync(new DownloadRequest(address, Path), Meter, CancellationToken.None);
        await Eventually.IsAsync(
            () => Meter.Bytes == at && MediaRequests(server) is [_, { BytesSent: var sent }] && sent == at && clock.PendingTimers == 1);
        clock.Advance(TimeSpan.FromSeconds(59));
        save.IsCompleted.ShouldBeFalse();
        // Only a minute without a byte is a stall; up to here, less than a minute has passed.
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.IsAsync(() => clock.NextDue - clock.GetUtcNow() == TimeSpan.FromSeconds(0.375));
        clock.Advance(TimeSpan.FromSeconds(0.375));
        ShouldHave(await save, expected);
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length - at);
    }

    [Fact]
    public async Task A_transfer_that_keeps_stalling_is_given_up()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, Route = SandboxRoute.Media, Times = int.MaxValue });
        ManualClock clock = new();
        // Only time can make progress here, so the clock may move at any speed.
        Task<DownloadedFile> save = Downloader(clock, retries: 1)
            .SaveAsync(new DownloadRequest(address, Path), Meter, CancellationToken.None);
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(ClockPump.RunAsync(clock, save, () => true));
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        exception.Message.ShouldContain("60 s");
        Target.Names.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(600)]
    public async Task A_Content_Length_that_is_too_short_is_not_trusted(long at)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.WrongLength, At = at, Times = 2 });
        ShouldHave(await SaveAsync(address), expected);
        // The partial file cannot be resumed, so the whole file is downloaded again.
        MediaRequests(server)[1..].ShouldAllBe(request => !request.Headers.ContainsKey("Range"));
    }

    [Fact]
    public async Task A_file_truncated_between_boxes_is_not_accepted()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        // The position of every box end, except the last.
        List<int> ends = [];
        for (int at = 0; at < expected.Length; at += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(expected.AsSpan(at)))
        {
            ends.Add(at);
        }

        foreach (int end in ends[1..])
        {
            server.Faults.Add(new SandboxFault { Kind = FaultKind.WrongLength, At = end });
        }

        ShouldHave(await SaveAsync(address, retries: 9), expected);
        server.Faults.Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_stays_too_short_is_given_up()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.WrongLength, Times = int.MaxValue });
        (await FailAsync(address, retries: 2)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        MediaRequests(server).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_file_that_changes_during_the_download_is_downloaded_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] before = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 100_000 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.ChangedETag });
        DownloadedFile file = await SaveAsync(address);
        byte[] after = await ReferenceAsync(address);
        after.AsSpan().SequenceEqual(before).ShouldBeFalse();
        ShouldHave(file, after);
        Meter.Bytes.ShouldBe(100_000 + after.Length);
    }

    [Fact]
    public async Task An_ignored_range_downloads_the_whole_file_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 100_000 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RangeIgnored });
        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length);
    }

    [Fact]
    public async Task A_rejected_range_downloads_the_whole_file_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 100_000 });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RangeNotSatisfiable });
        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server)[^1].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task An_HTML_page_is_not_accepted_as_a_video()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.HtmlPage, Route = SandboxRoute.Media });
        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));

        File.Delete(Path);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.HtmlPage, Route = SandboxRoute.Media, Times = int.MaxValue });
        ChuiziException exception = await FailAsync(address, retries: 1);
        exception.Kind.ShouldBe(ChuiziErrorKind.NotAVideo);
        exception.Message.ShouldContain("text/html");
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Download_retries_transient_statuses_and_honors_Retry_After(int status)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = status, Route = SandboxRoute.Media, RetryAfter = TimeSpan.FromSeconds(20), Times = 2,
        });
        ShouldHave(await SaveAsync(address), expected);
        Leaping.Leaps.Select(leap => leap.TotalSeconds).ShouldBe([20.125, 20.125]);

        File.Delete(Path);
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.StatusWithoutEnvelope, Status = status, Route = SandboxRoute.Media, Times = int.MaxValue,
        });
        ChuiziException exception = await FailAsync(address, retries: 1);
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        exception.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(451)]
    public async Task A_rejected_URL_is_a_final_error_if_it_cannot_be_refreshed(int status)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = status, Route = SandboxRoute.Media, Times = int.MaxValue });
        ChuiziException exception = await FailAsync(address);
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        exception.Status.ShouldBe(status);
        exception.Message.ShouldContain(address.AbsoluteUri);
        MediaRequests(server).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_rejected_URL_is_refreshed_once(int status)
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        int asked = 0;
        Uri old = new(address.AbsoluteUri + "?old");
        server.Faults.Add(new SandboxFault
        {
            Kind = FaultKind.Status, Status = status, Times = int.MaxValue,
            Match = request => request.Path.EndsWith("?old", StringComparison.Ordinal),
        });
        ShouldHave(await SaveAsync(old, refresh: _ => Task.FromResult<Uri?>(++asked == 1 ? address : null)), expected);
        asked.ShouldBe(1);

        File.Delete(Path);
        asked = 0;
        ChuiziException again = await FailAsync(old, refresh: _ => Task.FromResult<Uri?>(++asked > 0 ? old : null));
        (again.Kind, again.Status, asked).ShouldBe((ChuiziErrorKind.DownloadFailed, status, 1));

        ChuiziException none = await FailAsync(old, refresh: _ => Task.FromResult<Uri?>(null));
        (none.Kind, none.Status).ShouldBe((ChuiziErrorKind.DownloadFailed, status));
    }

    [Fact]
    public async Task An_error_while_refreshing_the_URL_is_passed_on()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.NotFound, Route = SandboxRoute.Media });
        ChuiziException exception = await FailAsync(address, refresh: _ => throw new ChuiziException(ChuiziErrorKind.InvalidApiKey, "no"));
        exception.Kind.ShouldBe(ChuiziErrorKind.InvalidApiKey);
    }
}
