using System.Buffers.Binary;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Sandbox.Http;
using Chuizi.Video.Sandbox.Media;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class PaddedVideoTests : SandboxTest
{
    [Theory]
    [InlineData(8)]
    [InlineData(1_000_000)]
    [InlineData(uint.MaxValue)]
    [InlineData(uint.MaxValue + 1L)]
    [InlineData(64L << 30)]
    public async Task Padding_is_a_box_at_the_end_of_the_file(long padding)
    {
        (SandboxClient client, string id) = await StartFinishedAsync(new SandboxOptions { Clock = Clock, VideoPadding = padding });
        using HttpResponseMessage head = await client.SendAsync(HttpMethod.Head, $"/videos/{id}.mp4");
        long total = head.Content.Headers.ContentLength!.Value;
        long start = total - padding;
        using HttpResponseMessage tail = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", $"bytes={start}-{start + 15}"));
        byte[] box = await tail.Content.ReadAsByteArrayAsync();
        "free"u8.SequenceEqual(box.AsSpan(4, 4)).ShouldBeTrue();
        uint size = BinaryPrimitives.ReadUInt32BigEndian(box);
        (size == 1 ? BinaryPrimitives.ReadInt64BigEndian(box.AsSpan(8)) : size).ShouldBe(padding);
        using HttpResponseMessage video = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", $"bytes=0-{start - 1}"));
        Mp4File.Read(await video.Content.ReadAsByteArrayAsync()).Seconds.ShouldBe(5m);
        using HttpResponseMessage end = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", "bytes=-300000"));
        (await end.Content.ReadAsByteArrayAsync())[^Math.Min(100, (int)Math.Min(padding - 8, 100))..].ShouldAllBe(zero => zero == 0);
    }

    [Fact]
    public void Slices_of_a_padded_file_are_contiguous()
    {
        byte[] video = [1, 2, 3, 4, 5];
        Gen.Select(Gen.OneOf(Gen.Long[8, 20], Gen.Long[8, 600_000]), Gen.Int[1, 300_000]).Sample((padding, size) =>
        {
            var file = new PaddedVideo(video, padding);
            using var joined = new MemoryStream();
            while (joined.Length < file.Length)
            {
                ReadOnlyMemory<byte> slice = file.Slice(joined.Length, size);
                slice.Length.ShouldBeInRange(1, size);
                joined.Write(slice.Span);
            }

            byte[] whole = joined.ToArray();
            return whole.Length == file.Length
                && whole.AsSpan(0, 5).SequenceEqual(video)
                && BinaryPrimitives.ReadUInt32BigEndian(whole.AsSpan(5)) == padding
                && !whole.AsSpan(13).ContainsAnyExcept((byte)0);
        });
    }

    [Fact]
    public void The_cache_is_bounded_and_returns_the_same_file_again()
    {
        var cache = new VideoCache(padding: 0);
        SandboxJob job = Job(1);
        PaddedVideo file = cache.Of(job);
        cache.Of(Job(1)).ShouldBeSameAs(file);
        for (int seconds = 2; seconds < 20; seconds++)
        {
            cache.Of(Job(seconds)).Length.ShouldBeGreaterThan(0);
        }

        PaddedVideo again = cache.Of(job);
        again.ShouldNotBeSameAs(file);
        ((ReplyBody)again).Slice(0, int.MaxValue).ToArray().ShouldBe(file.Slice(0, int.MaxValue).ToArray());

        SandboxJob Job(int seconds) => new(Clock)
        {
            Id = "a",
            GenerationId = "b",
            Model = "c",
            Prompt = "d",
            Duration = seconds,
            Resolution = "720P",
            AspectRatio = "1:1",
            Cost = 0,
            Created = default,
            Ends = default,
            Body = "",
            Size = new FrameSize(64, 64),
        };
    }
}
