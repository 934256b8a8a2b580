using System.Globalization;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>A run resumes the partial file of an earlier run, or downloads it again.</summary>
public sealed class DownloadResumeTests : DownloadTest
{
    private const int Padding = 600_000;
    private const int Cut = 250_000;

    private static readonly byte[] s_file = Mp4.Make();

    private string Part => Path + ".part";

    private string State => Path + ".part.json";

    [Fact]
    public async Task A_canceled_download_is_resumed_by_the_next_one()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        await LeaveAsync(server, address);
        Target.Names.ShouldBe(["video.mp4.part", "video.mp4.part.json"]);

        ShouldHave(await SaveAsync(address), expected);

        RecordedRequest[] requests = MediaRequests(server)[1..];
        requests.Select(request => request.BytesSent).ShouldBe([Cut, expected.Length - Cut]);
        requests[1].Headers["Range"].ShouldBe($"bytes={Cut}-");
    }

    [Fact]
    public async Task A_failed_download_reports_its_partial_file_and_is_resumed()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = Cut });
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Route = SandboxRoute.Media, Times = 2 });

        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, retries: 2));
        exception.Kind.ShouldBe(ChuiziErrorKind.DownloadFailed);
        exception.Status.ShouldBe(503);
        exception.Message.ShouldContain($"The {Cut:N0} bytes received are kept in '{Part}'");

        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server)[1..].Sum(request => request.BytesSent).ShouldBeLessThan(expected.Length + 1000);
    }

    [Fact]
    public async Task A_complete_partial_file_is_renamed_without_a_request()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        // Simulates a process killed between the last byte and the rename.
        await Should.ThrowAsync<InvalidOperationException>(() => Downloader().SaveAsync(
            new DownloadRequest(address, Path) { BeforeRename = _ => throw new InvalidOperationException() },
            null,
            CancellationToken.None));
        Target.Names.ShouldBe(["video.mp4.part", "video.mp4.part.json"]);
        int requests = MediaRequests(server).Length;

        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server).Length.ShouldBe(requests);
    }

    // The rename fails, as on Windows while a scanner or a player has the file open. Here, a folder with the same name prevents it.
    [Fact]
    public async Task After_a_failed_rename_the_next_run_only_renames()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        DownloadRequest download = new(address, Path)
        {
            Overwrite = true, BeforeRename = _ => Task.FromResult(Directory.CreateDirectory(Path)),
        };
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => Downloader().SaveAsync(download, null, CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        Target.Names.ShouldBe(["video.mp4", "video.mp4.part", "video.mp4.part.json"]);
        int requests = MediaRequests(server).Length;
        (await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, overwrite: true))).Message.ShouldContain("folder");
        Directory.Delete(Path);

        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server).Length.ShouldBe(requests);
    }

    [Fact]
    public async Task A_partial_file_of_a_changed_video_is_downloaded_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        await LeaveAsync(server, address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.ChangedETag });

        DownloadedFile file = await SaveAsync(address);

        byte[] after = await ReferenceAsync(address);
        ShouldHave(file, after);
        MediaRequests(server)[^2].BytesSent.ShouldBe(after.Length);
    }

    [Fact]
    public async Task A_partial_file_whose_range_is_rejected_is_downloaded_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        await LeaveAsync(server, address);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.RangeNotSatisfiable });
        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));
    }

    [Fact]
    public async Task A_download_is_resumed_from_another_URL_only_for_the_same_video()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        await LeaveAsync(server, address, "vid-a");
        DownloadRequest again = new(new Uri(address.AbsoluteUri + "?signed"), Path) { Video = "vid-a" };
        await Downloader().SaveAsync(again, null, CancellationToken.None);
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length - Cut);
        File.Delete(Path);

        await LeaveAsync(server, address, "vid-a");
        await Downloader().SaveAsync(new DownloadRequest(address, Path) { Video = "vid-b" }, null, CancellationToken.None);
        MediaRequests(server)[^1].Headers.ContainsKey("Range").ShouldBeFalse();
        Target.Names.ShouldBe(["video.mp4"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"video":7,"validator":"\"a\"","length":null}""")]
    [InlineData("""{"video":"ADDRESS","validator":null,"length":null}""")]
    [InlineData("""{"video":"ADDRESS","validator":"W/\"a\"","length":null}""")]
    [InlineData("""{"video":"ADDRESS","validator":"nonsense\r\nX: y","length":null}""")]
    [InlineData("""{"video":"ADDRESS","validator":"\"a\"","length":100}""")]
    [InlineData("""{"video":"ADDRESS","validator":"\"a\"","length":-1}""")]
    public async Task A_partial_file_without_valid_state_is_downloaded_again(string? state)
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        Target.Write("video.mp4.part", new byte[Cut]);
        if (state is not null)
        {
            File.WriteAllText(State, state.Replace("ADDRESS", address.AbsoluteUri, StringComparison.Ordinal));
        }

        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));
        MediaRequests(server)[0].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task A_partial_file_from_before_a_restart_is_downloaded_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        await LeaveAsync(server, address);
        File.SetLastWriteTimeUtc(Part, DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64) - TimeSpan.FromMinutes(1));

        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));
        MediaRequests(server)[^2].Headers.ContainsKey("Range").ShouldBeFalse();
    }

    [Fact]
    public async Task A_complete_partial_file_that_is_not_a_video_is_downloaded_again()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        await LeaveAsync(server, address);
        // Only the length of this partial file is right.
        File.WriteAllBytes(Part, new byte[expected.Length]);

        ShouldHave(await SaveAsync(address), expected);
    }

    [Theory]
    [InlineData("Date: Sat, 10 Oct 2026 10:00:00 GMT", "Last-Modified: Sat, 10 Oct 2026 09:59:59 GMT", true)]
    [InlineData("Date: Sat, 10 Oct 2026 10:00:00 GMT", "Last-Modified: Sat, 10 Oct 2026 10:00:00 GMT", false)]
    [InlineData("X-No: date", "Last-Modified: Sat, 10 Oct 2026 09:59:59 GMT", false)]
    [InlineData("ETag: W/\"a\"", "Last-Modified: Sat, 10 Oct 2026 09:59:59 GMT", false)]
    public async Task Without_an_ETag_an_older_Last_Modified_allows_resuming(string first, string second, bool continues)
    {
        RawServer server = Serve(request =>
        {
            if (!request.Headers.TryGetValue("Range", out string? range))
            {
                return RawReply.Of(200, s_file[..1000], s_file.Length, close: true, first, second);
            }

            int from = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
            return RawReply.Of(206, s_file[from..], first, second, $"Content-Range: bytes {from}-{s_file.Length - 1}/{s_file.Length}");
        });
        if (continues)
        {
            ShouldHave(await SaveAsync(server.Address), s_file);
            server.Requests[1].Headers["If-Range"].ShouldBe("Sat, 10 Oct 2026 09:59:59 GMT");
        }
        else
        {
            (await FailAsync(server.Address, retries: 1)).Kind.ShouldBe(ChuiziErrorKind.DownloadIncomplete);
        }
    }

    [Fact]
    public async Task A_partial_file_that_is_a_link_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission on Windows.");
        (_, Uri address) = await MakeAsync(Padding);
        using TempFolder elsewhere = new();
        string precious = elsewhere.Write("precious", [1, 2, 3]);
        string state = elsewhere.Write("state", [4, 5, 6]);
        File.CreateSymbolicLink(Part, precious);
        File.CreateSymbolicLink(State, state);

        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));

        File.ReadAllBytes(precious).ShouldBe([1, 2, 3]);
        File.ReadAllBytes(state).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public async Task Canceling_the_next_download_at_once_keeps_the_partial_file()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        await LeaveAsync(server, address);
        await Should.ThrowAsync<OperationCanceledException>(
            () => SaveAsync(address, cancellationToken: new CancellationToken(canceled: true)));
        new FileInfo(Part).Length.ShouldBe(Cut);

        ShouldHave(await SaveAsync(address), expected);
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length - Cut);
    }

    [Fact]
    public async Task A_state_file_that_is_a_link_is_ignored()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission on Windows.");
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        await LeaveAsync(server, address);
        using TempFolder elsewhere = new();
        File.Move(State, elsewhere.Of("state"));
        File.CreateSymbolicLink(State, elsewhere.Of("state"));

        ShouldHave(await SaveAsync(address), await ReferenceAsync(address));

        MediaRequests(server)[^2].Headers.ContainsKey("Range").ShouldBeFalse();
        File.Exists(elsewhere.Of("state")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_state_file_that_is_a_pipe_is_not_waited_for()
    {
        (_, Uri address) = await MakeAsync(Padding);
        Target.Write("video.mp4.part", new byte[Cut]);
        Target.MakePipe("video.mp4.part.json");
        ShouldHave(await SaveAsync(address).WaitAsync(Eventually.Patience), await ReferenceAsync(address));
    }

    [Fact]
    public async Task A_forced_download_keeps_the_old_file_until_it_is_complete()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        File.WriteAllText(Path, "mine");
        await LeaveAsync(server, address);
        File.ReadAllText(Path).ShouldBe("mine");

        ShouldHave(await SaveAsync(address, overwrite: true), expected);
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length - Cut);
    }

    [Fact]
    public async Task A_state_file_that_cannot_be_written_does_not_fail_the_download()
    {
        (SandboxServer server, Uri address) = await MakeAsync(Padding);
        byte[] expected = await ReferenceAsync(address);
        Directory.CreateDirectory(State);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = Cut });

        await SaveAsync(address);

        File.ReadAllBytes(Path).AsSpan().SequenceEqual(expected).ShouldBeTrue();
        MediaRequests(server)[^1].BytesSent.ShouldBe(expected.Length - Cut);
        Directory.Exists(State).ShouldBeTrue();
    }

    /// <summary>Leaves the partial file of a download that was canceled after <see cref="Cut"/> bytes.</summary>
    private async Task LeaveAsync(SandboxServer server, Uri address, string? video = null)
    {
        long before = Meter.Bytes;
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, Route = SandboxRoute.Media, At = Cut });
        using CancellationTokenSource cancellation = new();
        DownloadRequest download = new(address, Path) { Video = video ?? address.AbsoluteUri, Overwrite = true };
        Task<DownloadedFile> save = Downloader().SaveAsync(download, Meter, cancellation.Token);
        await Eventually.IsAsync(() => Meter.Bytes - before == Cut);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(save);
        await Eventually.IsAsync(() => server.ActiveRequests == 0);
    }
}
