using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class ImageEndTests : IDisposable
{
    /// <summary>The end of an image, in the metadata of a JPEG.</summary>
    private static readonly byte[] s_thumbnail = [0xFF, 0xE1, 0, 6, 1, 2, 0xFF, 0xD9];
    private static readonly byte[] s_scan = [0xFF, 0xDA, 0, 4, 1, 2];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_end_is_found_at_the_first_byte_that_is_searched_and_not_before()
    {
        IsIn("image/png", [.. "IEND"u8, .. new byte[(64 * 1024) - 4]]).ShouldBeTrue();
        IsIn("image/png", [.. "IEND"u8, .. new byte[(64 * 1024) - 3]]).ShouldBeFalse();
        IsIn("image/bmp", [.. "BM"u8, 64, 0, 0, 0, .. new byte[58]]).ShouldBeTrue();
        IsIn("image/bmp", [.. "BM"u8, 65, 0, 0, 0, .. new byte[58]]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000_000)]
    public void A_JPEG_is_complete_whatever_a_phone_adds_to_it(int video) =>
        IsIn("image/jpeg", [0xFF, 0xD8, .. s_thumbnail, .. s_scan, 1, 0xFF, 0, 2, 0xFF, 0xD9, .. new byte[video]]).ShouldBeTrue();

    [Fact]
    public void The_end_of_a_thumbnail_is_not_the_end_of_a_JPEG()
    {
        byte[] cut = [0xFF, 0xD8, .. s_thumbnail, .. s_scan, 1, 0xFF, 0, 2, 0xFF];
        for (int length = 2; length <= cut.Length; length++)
        {
            IsIn("image/jpeg", cut[..length]).ShouldBeFalse($"{length} bytes");
        }
    }

    [Theory]
    [InlineData((64 * 1024) - 2)]
    [InlineData((64 * 1024) - 1)]
    [InlineData(64 * 1024)]
    public void The_end_of_a_JPEG_is_found_where_one_read_ends_and_the_next_begins(int data) =>
        IsIn("image/jpeg", [0xFF, 0xD8, .. s_scan, .. new byte[data], 0xFF, 0xD9]).ShouldBeTrue();

    [Fact]
    public void Fill_bytes_before_a_marker_do_not_matter() =>
        IsIn("image/jpeg", [0xFF, 0xD8, 0xFF, 0xFF, .. s_scan, 0xFF, 0xD9]).ShouldBeTrue();

    [Fact]
    public void A_JPEG_whose_segments_are_damaged_is_not_complete() =>
        IsIn("image/jpeg", [0xFF, 0xD8, 0xFF, 0xE1, 0, 2, 7, 7, .. s_scan, 0xFF, 0xD9]).ShouldBeFalse();

    private bool IsIn(string mediaType, byte[] content)
    {
        string path = _folder.Of("image");
        File.WriteAllBytes(path, content);
        using FileStream file = File.OpenRead(path);
        return ImageEnd.IsIn(file, mediaType, content);
    }
}
