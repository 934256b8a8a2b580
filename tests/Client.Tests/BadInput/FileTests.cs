using System.Text;
using Chuizi.Video.Client.Files;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.BadInput;

/// <summary>Bad files that users specify or that lie in a folder: sidecars, images, devices, pipes.</summary>
public sealed class FileTests : IDisposable
{
    private static readonly byte[] s_sidecar = new Sidecar
    {
        Generator = "x",
        Id = "vid-1",
        Origin = "https://api.example",
        File = "a.mp4",
        Length = 5,
        Sha256 = new string('a', 64),
        Saved = DateTime.UnixEpoch,
        Prompt = "A red kite",
        Cost = 0.15m,
        ReferenceImage = ["https://images.example/b.png"],
        Latency = TimeSpan.FromSeconds(4),
        ImageContent = new() { ["/a.png"] = "data:image/png;sha256,0" },
    }.ToUtf8();

    private static readonly byte[][] s_images =
    [
        Images.Png(640, 480),
        Images.Jpeg(640, 480),
        Images.Jpeg(640, 480, 0xC2, metadata: 40),
        Images.Gif(640, 480),
        Images.WebPLossy(640, 480),
        Images.WebPLossless(640, 480),
        Images.WebPExtended(640, 480),
        Images.Bmp(640, 480),
        Images.OldBmp(640, 480),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_damaged_sidecar_is_ignored_or_valid() =>
        Gen.OneOf(ByteDamage.Of(s_sidecar), JsonDamage.Of(Encoding.UTF8.GetString(s_sidecar)).Select(Encoding.UTF8.GetBytes)).Try(content =>
        {
            string path = Write(content);
            if (Sidecar.Read(path) is { } sidecar)
            {
                sidecar.Id.ShouldNotBeNullOrEmpty();
                sidecar.Sha256.ShouldNotBeNullOrEmpty();
                Sidecar head = Sidecar.ReadHead(path).ShouldNotBeNull();
                (head.Id, head.Origin, head.Length, head.Sha256).ShouldBe((sidecar.Id, sidecar.Origin, sidecar.Length, sidecar.Sha256));
            }

            File.Delete(path);
        }, 1500);

    [Fact]
    public void The_beginning_of_a_long_sidecar_agrees_with_the_whole() =>
        ByteDamage.Of(s_sidecar.AsSpan(0, s_sidecar.AsSpan().IndexOf("\"Prompt\""u8)).ToArray()).Try(start =>
        {
            byte[] whole = [.. start, .. Encoding.UTF8.GetBytes($"\"Prompt\": \"{new string('x', 9000)}\"}}")];
            string path = Write(whole);
            if (Sidecar.Read(path) is { } sidecar && whole.AsSpan().Count("\"Id\""u8) == 1 && whole.AsSpan().Count("\"Sha256\""u8) == 1)
            {
                Sidecar head = Sidecar.ReadHead(path).ShouldNotBeNull();
                (head.Id, head.Sha256).ShouldBe((sidecar.Id, sidecar.Sha256));
            }

            _ = Sidecar.ReadHead(path);
            File.Delete(path);
        }, 500);

    // Reading 200 sidecars with an image of 7 MB each once allocated 727 MB and took two seconds.
    [Trait("Speed", "Medium")]
    [Fact]
    public void Sidecars_with_inline_images_are_found_by_their_beginnings()
    {
        for (int number = 0; number < 20; number++)
        {
            File.WriteAllBytes(_folder.Of($"{number}.mp4"), new byte[5]);
            File.WriteAllBytes(
                _folder.Of($"{number}.mp4.json"),
                new Sidecar
                {
                    Generator = "x",
                    Id = $"vid-{number}",
                    File = $"{number}.mp4",
                    Length = 5,
                    Sha256 = "a",
                    Saved = DateTime.UnixEpoch,
                    Image = "data:image/png;base64," + new string('A', 1_000_000),
                }.ToUtf8());
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        SidecarIndex index = SidecarIndex.Read(_folder.Path, CancellationToken.None);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2_000_000);
        index.Find("vid-19", null).ShouldNotBeNull().Path.ShouldBe(_folder.Of("19.mp4"));
    }

    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(10_000_000_000)]
    public void A_sidecar_of_gigabytes_is_ignored_without_using_memory(long length)
    {
        using (FileStream file = File.Create(_folder.Of("a.mp4.json")))
        {
            file.SetLength(length);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Sidecar.Read(_folder.Of("a.mp4.json")).ShouldBeNull();
        Sidecar.ReadHead(_folder.Of("a.mp4.json")).ShouldBeNull();
        PartState.Read(_folder.Of("a.mp4.json")).ShouldBeNull();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void A_deeply_nested_sidecar_is_ignored()
    {
        string path = Write(
            Encoding.ASCII.GetBytes($"{{\"Id\":\"a\",\"Sha256\":\"b\",\"Input\":{new string('[', 1_000_000)}{new string(']', 1_000_000)}}}")
        );
        Sidecar.Read(path).ShouldBeNull();
        Sidecar.ReadHead(path).ShouldBeNull();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_damaged_image_is_rejected_or_has_valid_dimensions() =>
        Gen.OneOf(
                ByteDamage.Of(s_images),
                Gen.Select(ByteDamage.Of(s_images), Gen.Byte.Array[0, 60]).Select((bytes, noise) => (byte[])[.. bytes, .. noise]))
            .Try(
                content =>
                {
                    string path = Write(content);
                    try
                    {
                        MediaSource image = MediaSource.Read("Image", path, name => name);
                        image.File!.MediaType.ShouldStartWith("image/");
                        (image.File.Width is null or >= 0).ShouldBeTrue();
                        (image.File.Height is null or >= 0).ShouldBeTrue();
                    }
                    catch (FormatException exception)
                    {
                        exception.Message.ShouldStartWith("Image '");
                    }

            File.Delete(path);
        }, 2000);

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    [InlineData("/dev/tty")]
    [InlineData("/proc/self/mem")]
    [InlineData("/proc/self/maps")]
    public async Task A_device_is_rejected_as_an_image(string path)
    {
        Assert.SkipUnless(File.Exists(path), "This machine does not have the device.");
        await ShouldBeRefusedAsync(path);
    }

    [Fact]
    public async Task Folders_pipes_and_circular_links_are_rejected_as_images_without_waiting()
    {
        await ShouldBeRefusedAsync(_folder.Path);
        await ShouldBeRefusedAsync(_folder.Write("empty.png", []));
        using (FileStream file = File.Create(_folder.Of("huge.png")))
        {
            file.Write(Images.Png(640, 480));
            file.SetLength(10_000_000_000);
        }

        await ShouldBeRefusedAsync(_folder.Of("huge.png"));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission on Windows.");
        File.CreateSymbolicLink(_folder.Of("one.png"), _folder.Of("two.png"));
        File.CreateSymbolicLink(_folder.Of("two.png"), _folder.Of("one.png"));
        await ShouldBeRefusedAsync(_folder.Of("one.png"));
        _folder.MakePipe("pipe.png");
        await ShouldBeRefusedAsync(_folder.Of("pipe.png"));
        File.CreateSymbolicLink(_folder.Of("link.png"), _folder.Of("pipe.png"));
        await ShouldBeRefusedAsync(_folder.Of("link.png"));
        (
            await FileHash.MatchesAsync(_folder.Of("pipe.png"), "00", CancellationToken.None).WaitAsync(Eventually.Patience)
        ).ShouldBeFalse();
    }

    [Fact]
    public void A_chain_of_links_to_an_image_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a permission on Windows.");
        _folder.Write("real.png", Images.Png(640, 480));
        File.CreateSymbolicLink(_folder.Of("link.png"), "real.png");
        File.CreateSymbolicLink(_folder.Of("again.png"), "link.png");
        MediaSource.Read("Image", _folder.Of("again.png"), name => name).File!.Width.ShouldBe(640);
    }

    [Fact]
    public void A_damaged_video_never_throws() =>
        ByteDamage.Of(Mp4.Make(200)).Try(
            content =>
            {
                using MemoryStream stream = new(content);
                // A file may count as complete only if it has a movie box.
                (Mp4Check.IsWhole(stream) && content.AsSpan().IndexOf("moov"u8) < 0).ShouldBeFalse();
            },
            5000);

    private static async Task ShouldBeRefusedAsync(string path) =>
        (
            await Should.ThrowAsync<FormatException>(
                Task.Run(() => MediaSource.Read("Image", path, name => name)).WaitAsync(Eventually.Patience))
        ).Message.ShouldStartWith("Image '");

    private string Write(byte[] content) => _folder.Write(Guid.NewGuid().ToString("N") + ".json", content);
}
