namespace Chuizi.Video.Sandbox.Media;

/// <summary>
/// Encodes constrained-baseline H.264 with as little work as possible: the first macroblock of each row has raw (PCM)
/// samples, the others repeat it by horizontal prediction, and all macroblocks of the pictures between two full
/// pictures are skipped. Section numbers refer to ITU-T H.264.
/// </summary>
internal sealed class H264Encoder
{
    private const int FramesPerSecond = EncodedVideo.FramesPerSecond;
    private const int FrameNumberBits = 8;
    private const int InterSlice = 5;
    private const int IntraSlice = 7;
    private const int PlainSamples = 25;

    /// <summary>Intra 16x16, horizontal prediction, no residual (table 7-11).</summary>
    private const int RepeatLeft = 2;

    private readonly FrameSize _size;
    private readonly int _blocksWide;
    private readonly int _blocksHigh;
    private readonly int _level;
    private readonly BitWriter _bits = new();

    private H264Encoder(FrameSize size)
    {
        _size = size;
        _blocksWide = (size.Width + 15) / 16;
        _blocksHigh = (size.Height + 15) / 16;
        _level = H264Level.For(_blocksWide, _blocksHigh, FramesPerSecond);
    }

    /// <summary>Encodes a video of this length in seconds. A fraction of a frame becomes a shorter last frame.</summary>
    public static EncodedVideo Encode(FrameSize size, decimal seconds, int seed)
    {
        long ticks = Math.Max(1, (long)Math.Round(seconds * EncodedVideo.TicksPerSecond, MidpointRounding.AwayFromZero));
        int frames = (int)((ticks + EncodedVideo.TicksPerFrame - 1) / EncodedVideo.TicksPerFrame);
        int fullPictures = (frames + FramesPerSecond - 1) / FramesPerSecond;
        var encoder = new H264Encoder(size);
        byte[][] repeated = [.. Enumerable.Range(0, FramesPerSecond).Select(encoder.RepeatedPicture)];
        byte[][] pictures = new byte[frames][];
        for (int frame = 0; frame < frames; frame++)
        {
            int inSecond = frame % FramesPerSecond;
            pictures[frame] = inSecond == 0 ? encoder.FullPicture(frame / FramesPerSecond, seed, fullPictures) : repeated[inSecond];
        }

        return new EncodedVideo(size, ticks, encoder.SequenceParameters(), encoder.PictureParameters(), pictures);
    }

    /// <summary>The sequence parameter set (7.3.2.1.1).</summary>
    private byte[] SequenceParameters()
    {
        _bits.Clear();
        _bits.Bits(66, 8); // profile_idc: baseline
        _bits.Bits(0xC0, 8); // constraint flags: constrained baseline, also decodable as main
        _bits.Bits((uint)_level, 8);
        _bits.Unsigned(0); // seq_parameter_set_id
        _bits.Unsigned(FrameNumberBits - 4);
        _bits.Unsigned(2); // pic_order_cnt_type: output in decoding order
        _bits.Unsigned(1); // max_num_ref_frames
        _bits.Flag(false); // gaps_in_frame_num_value_allowed_flag
        _bits.Unsigned(_blocksWide - 1);
        _bits.Unsigned(_blocksHigh - 1);
        _bits.Flag(true); // frame_mbs_only_flag
        _bits.Flag(true); // direct_8x8_inference_flag
        WriteCropping();
        _bits.Flag(false); // vui_parameters_present_flag
        _bits.Trail();
        return NalUnit.Of(NalUnit.SequenceParameters, _bits.Written);
    }

    /// <summary>The picture parameter set (7.3.2.2).</summary>
    private byte[] PictureParameters()
    {
        _bits.Clear();
        _bits.Unsigned(0); // pic_parameter_set_id
        _bits.Unsigned(0); // seq_parameter_set_id
        _bits.Flag(false); // entropy_coding_mode_flag: CAVLC
        _bits.Flag(false); // bottom_field_pic_order_in_frame_present_flag
        _bits.Unsigned(0); // one slice group
        _bits.Unsigned(0); // num_ref_idx_l0_default_active_minus1
        _bits.Unsigned(0); // num_ref_idx_l1_default_active_minus1
        _bits.Flag(false); // weighted_pred_flag
        _bits.Bits(0, 2); // weighted_bipred_idc
        _bits.Signed(0); // pic_init_qp_minus26
        _bits.Signed(0); // pic_init_qs_minus26
        _bits.Signed(0); // chroma_qp_index_offset
        _bits.Flag(true); // deblocking_filter_control_present_flag
        _bits.Flag(false); // constrained_intra_pred_flag
        _bits.Flag(false); // redundant_pic_cnt_present_flag
        _bits.Trail();
        return NalUnit.Of(NalUnit.PictureParameters, _bits.Written);
    }

    /// <summary>A full picture at which decoding can start. <paramref name="number"/> counts the full pictures.</summary>
    private byte[] FullPicture(int number, int seed, int pictures)
    {
        var palette = new Palette(seed, number, pictures, _blocksHigh);
        _bits.Clear();
        WriteSliceStart(IntraSlice, frameNumber: 0);
        _bits.Unsigned(number & 1); // idr_pic_id: neighbors must differ
        _bits.Flag(false); // no_output_of_prior_pics_flag
        _bits.Flag(false); // long_term_reference_flag
        WriteSliceEnd();
        for (int row = 0; row < _blocksHigh; row++)
        {
            WritePlainBlock(palette, row);
            for (int column = 1; column < _blocksWide; column++)
            {
                WriteRepeatedBlock(column);
            }
        }

        _bits.Trail();
        return NalUnit.Of(NalUnit.InstantRefresh, _bits.Written);
    }

    /// <summary>Repeats the previous picture. <paramref name="frameNumber"/> counts from the last full picture.</summary>
    private byte[] RepeatedPicture(int frameNumber)
    {
        _bits.Clear();
        WriteSliceStart(InterSlice, frameNumber);
        _bits.Flag(false); // num_ref_idx_active_override_flag
        _bits.Flag(false); // ref_pic_list_modification_flag_l0
        _bits.Flag(false); // adaptive_ref_pic_marking_mode_flag
        WriteSliceEnd();
        _bits.Unsigned(_blocksWide * _blocksHigh); // mb_skip_run
        _bits.Trail();
        return NalUnit.Of(NalUnit.Slice, _bits.Written);
    }

    private void WriteCropping()
    {
        int right = (_blocksWide * 16) - _size.Width;
        int bottom = (_blocksHigh * 16) - _size.Height;
        bool crops = right > 0 || bottom > 0;
        _bits.Flag(crops);
        if (crops)
        {
            // In units of two pixels, for 4:2:0.
            _bits.Unsigned(0);
            _bits.Unsigned(right / 2);
            _bits.Unsigned(0);
            _bits.Unsigned(bottom / 2);
        }
    }

    private void WriteSliceStart(int type, int frameNumber)
    {
        _bits.Unsigned(0); // first_mb_in_slice
        _bits.Unsigned(type);
        _bits.Unsigned(0); // pic_parameter_set_id
        _bits.Bits((uint)frameNumber, FrameNumberBits);
    }

    private void WriteSliceEnd()
    {
        _bits.Signed(0); // slice_qp_delta
        _bits.Unsigned(1); // disable_deblocking_filter_idc: off
    }

    private void WritePlainBlock(Palette palette, int row)
    {
        _bits.Unsigned(PlainSamples);
        _bits.Align();
        for (int line = 0; line < 16; line++)
        {
            _bits.Fill(palette.Luma(row, line), 16);
        }

        _bits.Fill(palette.Blue(row), 64);
        _bits.Fill(palette.Red(row), 64);
    }

    private void WriteRepeatedBlock(int column)
    {
        _bits.Unsigned(RepeatLeft);
        _bits.Unsigned(1); // intra_chroma_pred_mode: horizontal
        _bits.Signed(0); // mb_qp_delta

        // No coefficients. The code table for that depends on the neighbors (9.2.1), and raw samples count as 16: next
        // to them the mean is at least 8, elsewhere 0.
        if (column == 1)
        {
            _bits.Bits(3, 6);
        }
        else
        {
            _bits.Bits(1, 1);
        }
    }
}
