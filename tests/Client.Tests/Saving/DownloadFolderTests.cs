using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class DownloadFolderTests : DownloadTest
{
    [Fact]
    public async Task A_file_in_place_of_the_folder_is_reported_with_its_path()
    {
        (SandboxServer server, Uri address) = await MakeAsync();
        string path = System.IO.Path.Combine(Target.Write("folder", [1]), "video.mp4");
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => Downloader().SaveAsync(new DownloadRequest(address, path), null, CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        exception.Message.ShouldContain(path);
        MediaRequests(server).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_with_the_name_of_the_file_is_reported_and_kept(bool overwrite)
    {
        (_, Uri address) = await MakeAsync();
        Directory.CreateDirectory(Path);
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, overwrite));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        Directory.Exists(Path).ShouldBeTrue();
        Target.Names.ShouldBe(["video.mp4"]);
    }

    [Fact]
    public async Task A_name_that_is_too_long_throws_CannotWrite()
    {
        (_, Uri address) = await MakeAsync();
        string path = Target.Of(new string('a', 300) + ".mp4");
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
            () => Downloader().SaveAsync(new DownloadRequest(address, path), null, CancellationToken.None));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        Target.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_without_permission_throws_CannotWrite()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not restrict this user.");
        (_, Uri address) = await MakeAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Target.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        (await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address))).Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
    }

    [Fact]
    public async Task A_full_disk_is_detected_before_the_transfer_if_the_length_is_known()
    {
        (_, Uri address) = await MakeAsync(5_000_000);
        await OnSmallDiskAsync(async path =>
        {
            ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
                () => Downloader().SaveAsync(new DownloadRequest(address, path), Meter, CancellationToken.None));
            exception.Kind.ShouldBe(ChuiziErrorKind.DiskFull);
            exception.Message.ShouldContain(path);
            Meter.Bytes.ShouldBe(0);
        });
    }

    // The partial file is deleted even if it could be resumed, because it occupies the space that is missing.
    [Theory]
    [InlineData("X-No: tag")]
    [InlineData("ETag: \"a\"")]
    public async Task A_disk_that_becomes_full_during_the_transfer_is_reported(string header)
    {
        byte[] file = Mp4.Make(5_000_000);
        RawServer server = Serve(_ => RawReply.Unbounded(file, header));
        await OnSmallDiskAsync(async path =>
        {
            ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
                () => Downloader().SaveAsync(new DownloadRequest(server.Address, path), Meter, CancellationToken.None));
            exception.Kind.ShouldBe(ChuiziErrorKind.DiskFull);
            Meter.Bytes.ShouldBeGreaterThan(500_000);
            server.Requests.Count.ShouldBe(1);
        });
    }

    [Fact]
    public async Task A_disk_that_does_not_report_its_free_space_is_tried()
    {
        (_, Uri address) = await MakeAsync();
        byte[] expected = await ReferenceAsync(address);
        // An unlimited in-memory file system reports 0 of 0 bytes.
        await OnDiskAsync("ramfs", "size=1m", async path =>
        {
            await Downloader().SaveAsync(new DownloadRequest(address, path), Meter, CancellationToken.None);
            File.ReadAllBytes(path).AsSpan().SequenceEqual(expected).ShouldBeTrue();
            File.Delete(path);
        });
    }

    // Simulates an unplugged drive or a lost share: whichever step fails, only this file fails.
    [Fact]
    public async Task A_partial_file_that_can_only_be_opened_throws_CannotWrite()
    {
        (_, Uri address) = await MakeAsync();
        string part = Target.Write("video.mp4.part", []);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "--bind", "/dev/full", part),
            "This machine cannot mount a file.");
        try
        {
            ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address));
            exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
            exception.Message.ShouldContain(Path);
        }
        finally
        {
            Run("umount", part).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_file_too_large_for_its_file_system_throws_CannotWrite()
    {
        using FileStream file = File.Create(Target.Of("long"));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        PartWriter writer = new(file.SafeFileHandle, hash, 1L << 62);
        await writer.AddAsync(ArrayPool<byte>.Shared.Rent(8), 8);

        using PartFile part = PartFile.Open(Path, "vid-1", overwrite: false);
        IOException exception = await Should.ThrowAsync<IOException>(() => part.EndTransferAsync(writer));
        exception.Message.ShouldContain("too large for its file system");
        part.DiskError(exception).Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        FileWriteErrors.IsOutOfSpace(exception).ShouldBeTrue("the partial file cannot be used");
    }

    private Task OnSmallDiskAsync(Func<string, Task> work) => OnDiskAsync("tmpfs", "size=1m", work);

    private async Task OnDiskAsync(string type, string options, Func<string, Task> work)
    {
        string disk = Target.Of("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Run("mount", "-t", type, "-o", options, type, disk),
            "This machine cannot mount such a disk.");
        try
        {
            await work(System.IO.Path.Combine(disk, "video.mp4"));
            Directory.EnumerateFileSystemEntries(disk).ShouldBeEmpty();
        }
        finally
        {
            Run("umount", disk).ShouldBeTrue();
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
