using System.Buffers.Binary;
using System.Text;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Reads the sandbox's videos according to the standards, independently of the code that wrote them.</summary>
internal sealed class Mp4File
{
    private readonly byte[] _bytes;
    private readonly List<(string Path, int Start, int Length)> _boxes = [];

    private Mp4File(byte[] bytes)
    {
        _bytes = bytes;
        Walk("", 0, bytes.Length);
    }

    /// <summary>The paths of all boxes, in order.</summary>
    public IEnumerable<string> Paths => _boxes.Select(box => box.Path);

    public decimal Seconds => (decimal)U32("moov/trak/mdia/mdhd", 16) / U32("moov/trak/mdia/mdhd", 12);

    public decimal MovieSeconds => (decimal)U32("moov/mvhd", 16) / U32("moov/mvhd", 12);

    public decimal TrackSeconds => (decimal)U32("moov/trak/tkhd", 20) / U32("moov/mvhd", 12);

    public (int Width, int Height) TrackSize => ((int)(U32("moov/trak/tkhd", 76) >> 16), (int)(U32("moov/trak/tkhd", 80) >> 16));

    public (int Width, int Height) EntrySize => (U16(Stbl("stsd"), 8 + 8 + 24), U16(Stbl("stsd"), 8 + 8 + 26));

    /// <summary>The contents of the avcC box.</summary>
    public byte[] DecoderSettings
    {
        get
        {
            byte[] entry = Content(Stbl("stsd"))[8..];
            entry[82..][8..12].Length.ShouldBe(4);
            Encoding.ASCII.GetString(entry, 4, 4).ShouldBe("avc1");
            Encoding.ASCII.GetString(entry, 90, 4).ShouldBe("avcC");
            return entry[94..];
        }
    }

    public byte[] SequenceParameters
    {
        get
        {
            byte[] settings = DecoderSettings;
            int length = BinaryPrimitives.ReadUInt16BigEndian(settings.AsSpan(6));
            return settings[8..(8 + length)];
        }
    }

    public int[] FullPictures => [.. Numbers("stss", 8)];

    public int[] SampleSizes => [.. Numbers("stsz", 12)];

    public int FirstSample => (int)U32(Stbl("stco"), 8);

    /// <summary>The number of samples and the sum of their durations.</summary>
    public (int Samples, long Ticks) Times
    {
        get
        {
            int samples = 0;
            long ticks = 0;
            for (int entry = 0; entry < U32(Stbl("stts"), 4); entry++)
            {
                int count = (int)U32(Stbl("stts"), 8 + (entry * 8));
                count.ShouldBeGreaterThan(0);
                samples += count;
                ticks += count * (long)U32(Stbl("stts"), 12 + (entry * 8));
            }

            return (samples, ticks);
        }
    }

    public static Mp4File Read(byte[] bytes) => new(bytes);

    /// <summary>The samples, each of which is one NAL unit.</summary>
    public IEnumerable<byte[]> NalUnits()
    {
        int position = FirstSample;
        foreach (int size in SampleSizes)
        {
            BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(position)).ShouldBe(size - 4);
            yield return _bytes[(position + 4)..(position + size)];
            position += size;
        }

        (string _, int start, int length) = _boxes.Single(box => box.Path == "mdat");
        (start + length).ShouldBe(position);
        FirstSample.ShouldBe(start);
    }

    public uint U32(string path, int offset) => BinaryPrimitives.ReadUInt32BigEndian(Content(path).AsSpan(offset));

    private static string Stbl(string name) => "moov/trak/mdia/minf/stbl/" + name;

    private int U16(string path, int offset) => BinaryPrimitives.ReadUInt16BigEndian(Content(path).AsSpan(offset));

    private IEnumerable<int> Numbers(string table, int start) =>
        Enumerable.Range(0, (int)U32(Stbl(table), start - 4)).Select(index => (int)U32(Stbl(table), start + (index * 4)));

    private byte[] Content(string path)
    {
        (string _, int start, int length) = _boxes.Single(box => box.Path == path);
        return _bytes[start..(start + length)];
    }

    private void Walk(string parent, int start, int end)
    {
        while (start < end)
        {
            int size = BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(start));
            string type = Encoding.ASCII.GetString(_bytes, start + 4, 4);
            size.ShouldBeInRange(8, end - start, $"size of {parent}{type}");
            _boxes.Add((parent + type, start + 8, size - 8));
            if (type is "moov" or "trak" or "mdia" or "minf" or "stbl" or "dinf")
            {
                Walk(parent + type + "/", start + 8, start + size);
            }

            start += size;
        }

        start.ShouldBe(end);
    }
}
