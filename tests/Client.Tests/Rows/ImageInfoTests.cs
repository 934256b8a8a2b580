using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ImageInfoTests
{
    private static readonly (string Type, Func<int, int, byte[]> Make, int Largest)[] s_formats =
    [
        ("image/png", (width, height) => Images.Png(width, height), int.MaxValue),
        ("image/jpeg", (width, height) => Images.Jpeg(width, height), ushort.MaxValue),
        ("image/jpeg", (width, height) => Images.Jpeg(width, height, 0xC2, metadata: 60_000), ushort.MaxValue),
        ("image/gif", (width, height) => Images.Gif(width, height), ushort.MaxValue),
        ("image/gif", (width, height) => Images.Gif(width, height, "GIF87a"), ushort.MaxValue),
        ("image/webp", Images.WebPLossy, 16383),
        ("image/webp", Images.WebPLossless, 16384),
        ("image/webp", Images.WebPExtended, 1 << 24),
        ("image/bmp", Images.Bmp, int.MaxValue),
        ("image/bmp", Images.OldBmp, ushort.MaxValue),
    ];

    [Fact]
    public void An_image_without_its_end_is_refused_and_bytes_after_it_are_tolerated()
    {
        using TempFolder folder = new();
        foreach ((string type, Func<int, int, byte[]> make, _) in s_formats)
        {
            byte[] whole = make(640, 480);
            string path = folder.Of("image");
            File.WriteAllBytes(path, [.. whole, .. new byte[100]]);
            using (FileStream file = File.OpenRead(path))
            {
                ImageInfo.OfFile(file).MediaType.ShouldBe(type);
            }

            byte[] half = type switch
            {
                "image/bmp" => [.. whole[..2], 200, 0, 0, 0, .. whole[6..]],
                "image/png" => whole[..^8],
                _ => whole[..^1],
            };

            File.WriteAllBytes(path, half);
            using (FileStream file = File.OpenRead(path))
            {
                Should.Throw<FormatException>(() => ImageInfo.OfFile(file)).Message.ShouldContain("incomplete", customMessage: type);
            }
        }
    }

    [Fact]
    public void The_type_and_size_of_every_format_are_read_from_the_content() =>
        Gen.Select(Gen.Int[0, s_formats.Length - 1], Gen.Int[1, int.MaxValue], Gen.Int[1, int.MaxValue]).Sample((format, left, up) =>
        {
            (string type, Func<int, int, byte[]> make, int largest) = s_formats[format];
            (int width, int height) = (Math.Max(1, left % largest), Math.Max(1, up % largest));
            ImageInfo.OfHeader(make(width, height), 12345).ShouldBe(new ImageInfo(type, 12345, width, height));
        });

    [Fact]
    public void The_largest_sizes_are_read()
    {
        foreach ((string type, Func<int, int, byte[]> make, int largest) in s_formats)
        {
            ImageInfo.OfHeader(make(largest, 1), 1).ShouldBe(new ImageInfo(type, 1, largest, 1));
            ImageInfo.OfHeader(make(1, largest), 1).ShouldBe(new ImageInfo(type, 1, 1, largest));
        }
    }

    [Fact]
    public void A_top_down_BMP_has_a_positive_height() => ImageInfo.OfHeader(Images.Bmp(640, -480), 1)!.Height.ShouldBe(480);

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_truncated_or_damaged_header_never_throws() =>
        Gen.Select(Gen.Int[0, s_formats.Length - 1], Gen.Int[0, 6000], Gen.Int[0, 200], Gen.Byte, Gen.Bool)
            .Sample(
                (format, length, at, wrong, damage) =>
                {
                    byte[] header = s_formats[format].Make(640, 480);
                    header = header[..Math.Min(length, header.Length)];
                    if (damage && at < header.Length)
                    {
                        header[at] = wrong;
                    }

            ImageInfo? info = ImageInfo.OfHeader(header, header.Length);
            (info?.Width is null or >= 0).ShouldBeTrue();
            (info?.Height is null or >= 0).ShouldBeTrue();
        }, iter: 20_000);

    [Fact]
    public void Random_bytes_after_any_signature_never_throw() =>
        Gen.Select(
                Gen.OneOf(
                    "FFD8FF",
                    "89504E470D0A1A0A",
                    "474946383961",
                    "52494646000000005745425056503820",
                    "5249464600000000574542505650384C",
                    "52494646000000005745425056503858",
                    "424D",
                    ""),
                Gen.Byte.Array[0, 100])
            .Sample((signature, noise) => _ = ImageInfo.OfHeader([.. Convert.FromHexString(signature), .. noise], 1), iter: 20_000);

    [Theory]
    [InlineData("")]
    [InlineData("plain text, long enough to be a header of any image")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'></svg>")]
    [InlineData("BM is how this text starts, and it is no bitmap at all")]
    [InlineData("%PDF-1.7 and so on, and so on, and so on, and so on")]
    [InlineData("RIFF....WAVEfmt and so on, and so on, and so on, and so on")]
    [InlineData("\0\0\0\u0018ftypmp42 and so on, and so on, and so on")]
    public void Anything_but_an_image_is_rejected(string content)
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", System.Text.Encoding.Latin1.GetBytes(content));
        Should.Throw<FormatException>(() => OfFile(path)).Message.ShouldContain("is not a supported image");
    }

    [Fact]
    public void A_file_of_20_MB_is_accepted_and_a_larger_one_is_not()
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(ImageInfo.LargestFile);
            file.Seek(-8, SeekOrigin.End);
            file.Write("IEND"u8);
        }

        OfFile(path).Length.ShouldBe(ImageInfo.LargestFile);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(ImageInfo.LargestFile + 1_500_000);
        }

        using InCulture culture = new("de-DE");
        Should.Throw<FormatException>(() => OfFile(path)).Message.ShouldBe("is 21.5 MB, but an image can be at most 20 MB.");
    }

    [Fact]
    public void The_shortest_header_of_each_format_is_enough()
    {
        foreach ((byte[] image, int shortest) in new[]
            {
                (Images.Png(640, 480), 24), (Images.Gif(640, 480), 10), (Images.WebPLossy(640, 480), 30), (Images.OldBmp(640, 480), 26),
                (Images.Bmp(640, 480), 26),
            })
        {
            ImageInfo? info = ImageInfo.OfHeader(image.AsSpan(0, shortest), 9);
            (info?.Width, info?.Height).ShouldBe((640, 480));
            ImageInfo.OfHeader(image.AsSpan(0, shortest - 1), 9).ShouldBeNull();
        }

        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 1, 0xE0, 2, 0x80];
        ImageInfo.OfHeader(jpeg, 9).ShouldBe(new ImageInfo("image/jpeg", 9, 640, 480));
        ImageInfo.OfHeader(jpeg.AsSpan(0, 10), 9).ShouldBe(new ImageInfo("image/jpeg", 9, null, null));
    }

    [Theory]
    [InlineData(0xC0, true)]
    [InlineData(0xC3, true)]
    [InlineData(0xC4, false)]
    [InlineData(0xC8, false)]
    [InlineData(0xCC, false)]
    [InlineData(0xCF, true)]
    [InlineData(0xD0, false)]
    public void Every_kind_of_JPEG_frame_contains_the_size(byte marker, bool hasSize) =>
        ImageInfo.OfHeader(Images.Jpeg(640, 480, marker), 9)
            .ShouldBe(new ImageInfo("image/jpeg", 9, hasSize ? 640 : null, hasSize ? 480 : null));

    [Fact]
    public void A_size_of_0_or_in_an_unknown_chunk_is_not_known()
    {
        ImageInfo.OfHeader(Images.Png(0, 480), 9).ShouldBe(new ImageInfo("image/png", 9, null, 480));
        byte[] image = Images.WebPLossy(640, 480);
        "ALPH"u8.CopyTo(image.AsSpan(12));
        ImageInfo.OfHeader(image, 9).ShouldBe(new ImageInfo("image/webp", 9, null, null));
    }

    private static ImageInfo OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return ImageInfo.OfFile(file);
    }
}
