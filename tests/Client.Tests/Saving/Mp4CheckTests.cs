using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class Mp4CheckTests
{
    private static readonly byte[] s_start = [.. Mp4.Box("ftyp", "isom\0\0\0\0"u8), .. Mp4.Box("moov", new byte[20])];

    [Fact]
    public void The_first_box_identifies_an_MP4()
    {
        Mp4Check.IsMp4(Mp4.Make()).ShouldBeTrue();
        Mp4Check.IsMp4(Mp4.Make().AsSpan(0, 8)).ShouldBeTrue();
        Mp4Check.IsMp4(Mp4.Make().AsSpan(0, 7)).ShouldBeFalse();
        Mp4Check.IsMp4([]).ShouldBeFalse();
        Mp4Check.IsMp4(Mp4.Box("moov", new byte[8])).ShouldBeFalse();
        Mp4Check.IsMp4("<!DOCTYPE html>"u8).ShouldBeFalse();
    }

    [Fact]
    public void A_file_with_all_its_boxes_is_complete()
    {
        IsWhole(Mp4.Make()).ShouldBeTrue();
        IsWhole([.. s_start, .. Mp4.LargeBox("mdat", new byte[100])]).ShouldBeTrue();
        IsWhole([.. s_start, 0, 0, 0, 0, .. "mdat to the end of the file"u8]).ShouldBeTrue();
        IsWhole([.. Mp4.Make(), .. Mp4.Box("free", [])]).ShouldBeTrue();
        // The media data may precede its index.
        IsWhole([.. Mp4.Box("ftyp", "isom"u8), .. Mp4.Box("mdat", new byte[5]), .. Mp4.Box("moov", new byte[5])]).ShouldBeTrue();
    }

    [Fact]
    public void A_file_truncated_anywhere_is_incomplete()
    {
        byte[] file = Mp4.Make(200);
        for (int length = 0; length < file.Length; length++)
        {
            IsWhole(file[..length]).ShouldBeFalse($"{length} of {file.Length} bytes");
        }

        IsWhole([.. file, 0, 0, 0, 7, .. "free"u8]).ShouldBeFalse();
        IsWhole([.. file, 0, 0, 0, 100, .. "moof"u8, 0, 0]).ShouldBeFalse();
    }

    [Fact]
    public void Padding_after_a_whole_file_does_not_matter()
    {
        byte[] file = Mp4.Make(200);
        IsWhole([.. file, 0]).ShouldBeTrue();
        IsWhole([.. file, .. "\r\n"u8]).ShouldBeTrue();
        IsWhole([.. file, .. new byte[4096]]).ShouldBeTrue();
        IsWhole([.. file, .. Enumerable.Repeat((byte)0xFF, 100)]).ShouldBeTrue();
        IsWhole([.. s_start, .. new byte[100]]).ShouldBeFalse("the media data is missing");
    }

    [Fact]
    public void A_large_box_truncated_anywhere_is_incomplete()
    {
        byte[] file = [.. s_start, .. Mp4.LargeBox("mdat", new byte[100])];
        for (int length = s_start.Length; length < file.Length; length++)
        {
            IsWhole(file[..length]).ShouldBeFalse($"{length} of {file.Length} bytes");
        }
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFF")]
    [InlineData("7FFFFFFFFFFFFFFF")]
    [InlineData("0000000000000000")]
    [InlineData("000000000000000F")]
    public void A_box_with_an_impossible_length_is_incomplete(string length) =>
        IsWhole([.. s_start, 0, 0, 0, 1, .. "mdat"u8, .. Convert.FromHexString(length), 1, 2, 3]).ShouldBeFalse();

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Byte.Array[0, 200].Sample(noise => { _ = IsWhole([.. s_start, .. noise]); }, iter: 20_000);

    [Fact]
    public void The_check_of_a_file_with_a_million_tiny_boxes_is_bounded()
    {
        byte[] boxes = new byte[8 * 1_100_000];
        for (int at = 0; at < boxes.Length; at += 8)
        {
            boxes[at + 3] = 8;
        }

        IsWhole([.. s_start, .. boxes]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(1_000_001, true)]
    [InlineData(1_000_002, false)]
    public void A_million_and_one_boxes_are_checked(int boxes, bool isWhole)
    {
        byte[] start = Mp4.Make(0);
        byte[] free = Mp4.Box("free", []);
        byte[] file = new byte[start.Length + (free.Length * (boxes - 3))];
        start.CopyTo(file, 0);
        for (int at = start.Length; at < file.Length; at += free.Length)
        {
            free.CopyTo(file, at);
        }

        IsWhole(file).ShouldBe(isWhole);
    }

    [Fact]
    public void The_index_and_the_media_data_are_required_once_each()
    {
        byte[] type = Mp4.Box("ftyp", "isom\0\0\0\0"u8);
        byte[] index = Mp4.Box("moov", new byte[20]);
        byte[] picture = Mp4.Box("mdat", new byte[20]);
        IsWhole([.. type, .. index]).ShouldBeFalse();
        IsWhole([.. type, .. picture]).ShouldBeFalse();
        IsWhole([.. type, .. picture, 0]).ShouldBeFalse("the byte after it is no index");
        IsWhole([.. type, .. index, .. Enumerable.Repeat((byte)0xFF, 100)]).ShouldBeFalse("padding is no media data");
        IsWhole([.. type, .. index, .. picture, .. index]).ShouldBeTrue();
        IsWhole([.. type, .. index, .. picture, .. picture]).ShouldBeTrue();
    }

    private static bool IsWhole(byte[] file)
    {
        using MemoryStream stream = new(file);
        return Mp4Check.IsWhole(stream);
    }
}
