using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Microsoft.Win32.SafeHandles;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class PartFileTests : IDisposable
{
    private static readonly RangeConditionHeaderValue s_validator = new("\"a\"");

    private readonly TempFolder _folder = new();

    private string Target => _folder.Of("video.mp4");

    public void Dispose() => _folder.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_partial_file_never_has_two_owners()
    {
        string target = Target;
        int owners = 0;
        int most = 0;
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            try
            {
                using PartFile part = PartFile.Open(target, "vid-1", overwrite: true);
                most = Math.Max(most, Interlocked.Increment(ref owners));
                Thread.Yield();
                Interlocked.Decrement(ref owners);
                // From here on the file has another name, or none.
                if (number % 2 == 0)
                {
                    part.RenameToTarget();
                }
            }
            catch (ChuiziException exception) when (exception.Kind == ChuiziErrorKind.CannotWrite)
            {
                // Another owner has it.
            }
        });
        most.ShouldBe(1);
    }

    [Fact]
    public void A_file_without_a_byte_has_nothing_to_continue()
    {
        using PartFile part = Open();
        part.Restart(s_validator, 5000);
        (part.IfRange, part.WholeLength, part.IsWhole, part.IsKept).ShouldBe((null, 5000, false, false));
        part.Restart(s_validator, 0);
        (part.IfRange, part.WholeLength, part.IsWhole).ShouldBe((null, 0, false));
    }

    [Fact]
    public void The_state_of_an_empty_partial_file_is_ignored()
    {
        _folder.Write("video.mp4.part", []);
        PartState.Replace(Target + ".part.json", new PartState("vid-1", "\"a\"", 5000)).ShouldBeTrue();
        using PartFile part = Open();
        part.WholeLength.ShouldBeNull();
    }

    [Fact]
    public async Task Only_a_partial_file_with_a_state_is_continued()
    {
        _folder.Write("video.mp4.part", new byte[1000]);
        PartState.Replace(Target + ".part.json", new PartState("vid-1", "\"a\"", 5000)).ShouldBeTrue();
        using (PartFile known = Open())
        {
            await known.RecoverAsync(CancellationToken.None);
            (known.Length, known.IfRange?.ToString(), known.WholeLength, known.IsWhole, known.IsKept)
                .ShouldBe((1000, "\"a\"", 5000, false, true));
        }

        _folder.Names.ShouldBe(["video.mp4.part", "video.mp4.part.json"]);
        using PartFile other = PartFile.Open(Target, "vid-2", overwrite: false);
        await other.RecoverAsync(CancellationToken.None);
        (other.Length, new FileInfo(Target + ".part").Length, other.IsKept).ShouldBe((0, 0, false));
    }

    // The disk has room for the rest, but not for a whole file of this length.
    [Fact]
    public async Task Only_the_rest_of_the_file_needs_room_on_the_disk()
    {
        const long Petabyte = 1L << 50;
        using PartFile part = Open();
        part.CheckDiskSpace(null);
        Should.Throw<ChuiziException>(() => part.CheckDiskSpace(Petabyte + 1)).Kind.ShouldBe(ChuiziErrorKind.DiskFull);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using SafeFileHandle none = new();
        await part.EndTransferAsync(new PartWriter(none, hash, Petabyte));
        part.CheckDiskSpace(Petabyte + 1);
    }

    [Fact]
    public void The_first_eight_bytes_decide_whether_it_is_a_video()
    {
        using PartFile part = Open();
        part.CheckHead("<html>x"u8);
        part.CheckHead(Mp4.Make().AsSpan(0, 8));
        ChuiziException exception = Should.Throw<ChuiziException>(() => part.CheckHead("<html>xx"u8));
        (exception.Kind, exception.Message).ShouldBe(
            (ChuiziErrorKind.NotAVideo, "The data received for 'video.mp4' is not an MP4 file."));
    }

    [Theory]
    [InlineData(
        1, 5148L, ChuiziErrorKind.DownloadIncomplete,
        "The download of 'video.mp4' is incomplete: 5,147 of 5,148 bytes were received.")]
    [InlineData(1, null, ChuiziErrorKind.DownloadIncomplete, "The download of 'video.mp4' is incomplete: the file is truncated.")]
    [InlineData(5148, null, ChuiziErrorKind.DownloadIncomplete, "The download of 'video.mp4' is incomplete: no bytes were received.")]
    [InlineData(-1, null, ChuiziErrorKind.NotAVideo, "The data received for 'video.mp4' is not an MP4 file.")]
    public async Task A_file_that_is_not_whole_is_an_error(int missing, long? whole, ChuiziErrorKind kind, string message)
    {
        using InCulture culture = new(CultureInfo.InvariantCulture.Name);
        byte[] file = Mp4.Make(5008);
        file.Length.ShouldBe(5148);
        using PartFile part = Open();
        await ReceiveAsync(part, missing < 0 ? new byte[100] : file[..^missing]);
        ChuiziException exception = Should.Throw<ChuiziException>(() => part.CheckWhole(whole));
        (exception.Kind, exception.Message).ShouldBe((kind, message));
        // Bytes are kept only where the rest of them can be requested.
        part.Length.ShouldBe(whole is null ? 0 : 5147);
    }

    [Fact]
    public async Task A_whole_file_gets_its_name_and_is_free()
    {
        byte[] file = Mp4.Make();
        using PartFile part = Open();
        await ReceiveAsync(part, file);
        part.CheckWhole(file.Length);
        part.CheckWhole(null);
        part.Complete().ShouldBe(new DownloadedFile(Target, file.Length, Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant()));
        part.RenameToTarget();
        using FileStream free = new(Target, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        free.Length.ShouldBe(file.Length);
        _folder.Names.ShouldBe(["video.mp4"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_cannot_be_renamed_keeps_its_state(bool overwrite)
    {
        byte[] file = Mp4.Make();
        using (PartFile part = PartFile.Open(Target, "vid-1", overwrite))
        {
            await ReceiveAsync(part, file);
            Directory.CreateDirectory(Target);
            Exception exception = Should.Throw<Exception>(part.RenameToTarget);
            (exception is IOException or UnauthorizedAccessException).ShouldBeTrue(exception.ToString());
        }

        _folder.Names.ShouldBe(["video.mp4", "video.mp4.part", "video.mp4.part.json"]);
        PartState.Read(Target + ".part.json").ShouldBe(new PartState("vid-1", "\"a\"", file.Length));
    }

    // Simulates a share that is lost during a download: the error of the download is reported, not that of deleting its file.
    [Fact]
    public void A_partial_file_that_cannot_be_deleted_is_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not delete the folder of an open file.");
        string folder = _folder.Of("folder");
        PartFile part = PartFile.Open(Path.Combine(folder, "video.mp4"), "vid-1", overwrite: false);
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "not a folder");
        Should.NotThrow(part.Dispose);
    }

    private static async Task ReceiveAsync(PartFile part, byte[] bytes)
    {
        part.Restart(s_validator, bytes.Length);
        PartWriter writer = part.BeginTransfer();
        if (bytes.Length > 0)
        {
            byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(bytes.Length);
            bytes.CopyTo(buffer, 0);
            await writer.AddAsync(buffer, bytes.Length);
        }

        await part.EndTransferAsync(writer);
    }

    private PartFile Open() => PartFile.Open(Target, "vid-1", overwrite: false);
}
