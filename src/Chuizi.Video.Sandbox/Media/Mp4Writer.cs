namespace Chuizi.Video.Sandbox.Media;

/// <summary>Writes an encoded video to an MP4 file that can play while it loads, because the index precedes the pictures.</summary>
internal sealed class Mp4Writer
{
    private readonly EncodedVideo _video;
    private readonly BoxWriter _boxes = new();
    private int _dataStart;

    private Mp4Writer(EncodedVideo video) => _video = video;

    public static byte[] Write(EncodedVideo video)
    {
        // The index contains the position of the pictures, which depends on its own size, so it is written twice.
        var draft = new Mp4Writer(video);
        draft.WriteIndex();
        var writer = new Mp4Writer(video) { _dataStart = draft._boxes.Length + 8 };
        writer.WriteIndex();
        writer.WritePictures();
        return writer._boxes.Written.ToArray();
    }

    private void WriteIndex()
    {
        _boxes.Box("ftyp", () =>
        {
            _boxes.Text("isom");
            _boxes.U32(512);
            _boxes.Text("isomiso2avc1mp41");
        });
        _boxes.Box("moov", () =>
        {
            _boxes.FullBox("mvhd", 0, WriteMovieHeader);
            _boxes.Box("trak", () =>
            {
                _boxes.FullBox("tkhd", 3, WriteTrackHeader);
                _boxes.Box("mdia", WriteMedia);
            });
        });
    }

    private void WritePictures() => _boxes.Box("mdat", () =>
    {
        foreach (byte[] picture in _video.Pictures)
        {
            _boxes.U32(picture.Length);
            _boxes.Bytes(picture);
        }
    });

    private void WriteMovieHeader()
    {
        _boxes.Zeros(8); // creation and modification time: unknown
        _boxes.U32(EncodedVideo.TicksPerSecond);
        _boxes.U32(_video.Ticks);
        _boxes.U32(0x10000); // rate 1
        _boxes.U16(0x100); // volume 1
        _boxes.Zeros(10);
        WriteMatrix();
        _boxes.Zeros(24);
        _boxes.U32(2); // next track number
    }

    private void WriteTrackHeader()
    {
        _boxes.Zeros(8);
        _boxes.U32(1); // track number
        _boxes.Zeros(4);
        _boxes.U32(_video.Ticks);
        _boxes.Zeros(8);
        _boxes.Zeros(8); // layer, group, volume
        WriteMatrix();
        _boxes.U32((long)_video.Size.Width << 16);
        _boxes.U32((long)_video.Size.Height << 16);
    }

    private void WriteMatrix()
    {
        foreach (int value in (ReadOnlySpan<int>)[0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000])
        {
            _boxes.U32(value);
        }
    }

    private void WriteMedia()
    {
        _boxes.FullBox("mdhd", 0, () =>
        {
            _boxes.Zeros(8);
            _boxes.U32(EncodedVideo.TicksPerSecond);
            _boxes.U32(_video.Ticks);
            _boxes.U16(0x55C4); // language: undetermined
            _boxes.U16(0);
        });
        _boxes.FullBox("hdlr", 0, () =>
        {
            _boxes.Zeros(4);
            _boxes.Text("vide");
            _boxes.Zeros(12);
            _boxes.Text("Chuizi sandbox\0");
        });
        _boxes.Box("minf", () =>
        {
            _boxes.FullBox("vmhd", 1, () => _boxes.Zeros(8));
            _boxes.Box("dinf", () => _boxes.FullBox("dref", 0, () =>
            {
                _boxes.U32(1);
                _boxes.FullBox("url ", 1, () => { }); // the data is in this file
            }));
            _boxes.Box("stbl", () =>
            {
                _boxes.FullBox("stsd", 0, WriteDescription);
                WriteSamples();
            });
        });
    }

    private void WriteDescription()
    {
        _boxes.U32(1);
        _boxes.Box("avc1", () =>
        {
            _boxes.Zeros(6);
            _boxes.U16(1); // data reference
            _boxes.Zeros(16);
            _boxes.U16(_video.Size.Width);
            _boxes.U16(_video.Size.Height);
            _boxes.U32(0x480000); // 72 dots per inch
            _boxes.U32(0x480000);
            _boxes.Zeros(4);
            _boxes.U16(1); // pictures per sample
            _boxes.Zeros(32);
            _boxes.U16(24); // depth
            _boxes.U16(-1);
            _boxes.Box("avcC", WriteDecoderSettings);
        });
    }

    // ISO/IEC 14496-15, 5.3.3.1
    private void WriteDecoderSettings()
    {
        _boxes.U8(1);
        _boxes.Bytes(_video.SequenceParameters.AsSpan(1, 3)); // profile, constraints, level
        _boxes.U8(0xFF); // sizes of four bytes
        _boxes.U8(0xE1); // one SPS
        _boxes.U16(_video.SequenceParameters.Length);
        _boxes.Bytes(_video.SequenceParameters);
        _boxes.U8(1);
        _boxes.U16(_video.PictureParameters.Length);
        _boxes.Bytes(_video.PictureParameters);
    }

    private void WriteDurations(int count, long ticks)
    {
        if (count > 0)
        {
            _boxes.U32(count);
            _boxes.U32(ticks);
        }
    }

    private void WriteSamples()
    {
        int count = _video.Pictures.Count;
        _boxes.FullBox("stts", 0, () =>
        {
            // The last picture fills the remaining time.
            long last = _video.Ticks - ((count - 1L) * EncodedVideo.TicksPerFrame);
            int equal = last == EncodedVideo.TicksPerFrame ? count : count - 1;
            _boxes.U32((equal > 0 ? 1 : 0) + (equal < count ? 1 : 0));
            WriteDurations(equal, EncodedVideo.TicksPerFrame);
            WriteDurations(count - equal, last);
        });
        _boxes.FullBox("stss", 0, () =>
        {
            int[] full = [.. Enumerable.Range(0, count).Where(index => index % EncodedVideo.FramesPerSecond == 0)];
            _boxes.U32(full.Length);
            Array.ForEach(full, index => _boxes.U32(index + 1));
        });
        _boxes.FullBox("stsc", 0, () =>
        {
            _boxes.U32(1);
            _boxes.U32(1);
            _boxes.U32(count);
            _boxes.U32(1);
        });
        _boxes.FullBox("stsz", 0, () =>
        {
            _boxes.U32(0);
            _boxes.U32(count);
            foreach (byte[] picture in _video.Pictures)
            {
                _boxes.U32(picture.Length + 4);
            }
        });
        _boxes.FullBox("stco", 0, () =>
        {
            _boxes.U32(1);
            _boxes.U32(_dataStart);
        });
    }
}
