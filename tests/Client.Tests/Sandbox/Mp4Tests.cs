using Chuizi.Video.Sandbox.Media;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class Mp4Tests
{
    private static readonly Gen<decimal> s_seconds = Gen.OneOf(
        Gen.Int[1, 15].Select(seconds => (decimal)seconds),
        Gen.Int[1, 15_000].Select(milliseconds => milliseconds / 1000m));

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("720P", "16:9", 1280, 720, 31)]
    [InlineData("720P", "9:16", 720, 1280, 31)]
    [InlineData("720P", "1:1", 720, 720, 31)]
    [InlineData("720P", "4:3", 960, 720, 31)]
    [InlineData("720P", "3:4", 720, 960, 31)]
    [InlineData("1080P", "16:9", 1920, 1080, 40)]
    [InlineData("1080P", "9:16", 1080, 1920, 40)]
    [InlineData("1080P", "1:1", 1080, 1080, 32)]
    [InlineData("1080P", "4:3", 1440, 1080, 40)]
    [InlineData("1080P", "3:4", 1080, 1440, 40)]
    [InlineData("720P", "21:9", 1680, 720, 32)]
    [InlineData("1080P", "1:4", 1080, 4320, 50)]
    public void The_frame_size_depends_on_resolution_and_aspect_ratio(string resolution, string ratio, int width, int height, int level)
    {
        FrameSize size = FrameSize.Of(resolution, ratio);
        size.ShouldBe(new FrameSize(width, height));
        for (int seconds = 1; seconds <= 15; seconds++)
        {
            byte[] bytes = Mp4Writer.Write(H264Encoder.Encode(size, seconds, seconds % Palette.Variants));
            Mp4File file = Check(bytes, size, seconds);
            new SpsReader(file.SequenceParameters).Level.ShouldBe(level);
            if (ratio is not ("1:4" or "21:9"))
            {
                bytes.Length.ShouldBeLessThan(1_000_000);
            }
        }
    }

    [Fact]
    public void Every_even_size_and_every_duration_is_exact() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000], s_seconds, Gen.Int[0, Palette.Variants - 1]).Sample(
            (halfWidth, halfHeight, seconds, seed) =>
            {
                var size = new FrameSize(halfWidth * 2, halfHeight * 2);
                Check(Mp4Writer.Write(H264Encoder.Encode(size, seconds, seed)), size, seconds);
            },
            iter: 60);

    [Fact]
    public void Each_seed_and_each_second_has_a_different_picture()
    {
        var size = new FrameSize(64, 64);
        byte[][] videos = [.. Enumerable.Range(0, Palette.Variants).Select(seed => Mp4Writer.Write(H264Encoder.Encode(size, 3, seed)))];
        videos.Select(Convert.ToHexString).Distinct(StringComparer.Ordinal).Count().ShouldBe(Palette.Variants);
        foreach (byte[] video in videos)
        {
            Mp4File
                .Read(video)
                .NalUnits()
                .Where(unit => unit[0] == 0x65)
                .Select(Convert.ToHexString)
                .Distinct(StringComparer.Ordinal)
                .Count()
                .ShouldBe(3);
        }
    }

    // ITU-T H.264, 7.4.3: idr_pic_id follows 17 constant bits; as ue(v) it is "1" for 0 and "010" for 1.
    [Fact]
    public void Adjacent_key_frames_have_different_ids()
    {
        Mp4File file = Mp4File.Read(Mp4Writer.Write(H264Encoder.Encode(new FrameSize(64, 64), 4, 0)));
        file.NalUnits().Where(unit => unit[0] == 0x65).Select(unit => unit[3] >> 4).ShouldBe([0b0100, 0b0010, 0b0100, 0b0010]);
    }

    [Theory]
    [InlineData("16:9", true)]
    [InlineData("1:1", true)]
    [InlineData("", false)]
    [InlineData(":", false)]
    [InlineData("16", false)]
    [InlineData("16:9:1", false)]
    [InlineData(" 16:9", false)]
    [InlineData("16:-9", false)]
    [InlineData("16:0", false)]
    [InlineData("99999999999:1", false)]
    public void Ratios_are_two_positive_numbers(string text, bool isRatio) =>
        AspectRatio.TryParse(text, out _, out _).ShouldBe(isRatio);

    [Fact]
    public void A_frame_size_beyond_all_levels_is_rejected() =>
        Should.Throw<ArgumentOutOfRangeException>(() => H264Level.For(1000, 1000, 24));

    private static Mp4File Check(byte[] bytes, FrameSize size, decimal seconds)
    {
        Mp4File file = Mp4File.Read(bytes);
        file.Paths.Where(path => !path.Contains('/', StringComparison.Ordinal)).ShouldBe(["ftyp", "moov", "mdat"]);
        file.Seconds.ShouldBe(seconds);
        file.MovieSeconds.ShouldBe(seconds);
        file.TrackSeconds.ShouldBe(seconds);
        file.TrackSize.ShouldBe((size.Width, size.Height));
        file.EntrySize.ShouldBe((size.Width, size.Height));
        var sps = new SpsReader(file.SequenceParameters);
        sps.Size.ShouldBe((size.Width, size.Height));
        sps.Profile.ShouldBe(66);
        file.DecoderSettings[3].ShouldBe((byte)sps.Level);

        int frames = (int)Math.Ceiling(seconds * 24);
        file.SampleSizes.Length.ShouldBe(frames);
        file.Times.ShouldBe((frames, (long)(seconds * 24_000)));
        file.FullPictures.ShouldBe(Enumerable.Range(0, frames).Where(frame => frame % 24 == 0).Select(frame => frame + 1));
        int number = 0;
        foreach (byte[] unit in file.NalUnits())
        {
            unit[0].ShouldBe(number++ % 24 == 0 ? (byte)0x65 : (byte)0x41);
            HasStartCode(unit).ShouldBeFalse();
        }

        number.ShouldBe(frames);
        return file;
    }

    // Two zeros and a byte below 3 would be read as a start code.
    private static bool HasStartCode(ReadOnlySpan<byte> unit)
    {
        for (int at = unit.IndexOf((ReadOnlySpan<byte>)[0, 0]); at >= 0 && at + 2 < unit.Length;)
        {
            if (unit[at + 2] < 3)
            {
                return true;
            }

            unit = unit[(at + 1)..];
            at = unit.IndexOf((ReadOnlySpan<byte>)[0, 0]);
        }

        return false;
    }
}
