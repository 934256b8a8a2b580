using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class MediaRangeTests : SandboxTest
{
    [Fact]
    public async Task A_range_returns_that_part_of_the_file()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        byte[] file = await (await client.GetAsync($"/videos/{id}.mp4")).Content.ReadAsByteArrayAsync();
        await Gen.Select(Gen.Int[0, file.Length - 1], Gen.Int[0, file.Length * 2])
            .SampleAsync(
                async (start, length) =>
                {
                    int end = Math.Min(start + length, file.Length);
                    (long From, long To, long Length, byte[] Part) answer = await PartAsync($"bytes={start}-{start + length}");
                    answer.From.ShouldBe(start);
                    answer.To.ShouldBe(Math.Min(start + length, file.Length - 1));
                    answer.Length.ShouldBe(file.Length);
                    answer.Part.AsSpan().SequenceEqual(file.AsSpan((int)answer.From, (int)(answer.To - answer.From + 1))).ShouldBeTrue();
                    (await PartAsync($"bytes={start}-")).Part.AsSpan().SequenceEqual(file.AsSpan(start)).ShouldBeTrue();
                    (await PartAsync($"bytes=-{length + 1}"))
                        .Part.AsSpan()
                        .SequenceEqual(file.AsSpan(Math.Max(0, file.Length - length - 1)))
                        .ShouldBeTrue();
                },
                iter: 30,
                threads: 1);

        async Task<(long From, long To, long Length, byte[] Part)> PartAsync(string range)
        {
            using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", range));
            response.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
            ContentRangeHeaderValue content = response.Content.Headers.ContentRange!;
            return (content.From!.Value, content.To!.Value, content.Length!.Value, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("bytes=-0")]
    [InlineData("bytes=99999999-")]
    [InlineData("bytes=99999999-99999999")]
    public async Task A_range_beyond_the_file_is_rejected(string range)
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage head = await client.SendAsync(HttpMethod.Head, $"/videos/{id}.mp4");
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", range));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        response.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes */{head.Content.Headers.ContentLength}");
    }

    [Theory]
    [InlineData("bytes=")]
    [InlineData("bytes=5")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-x")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("lines=1-2")]
    public async Task An_invalid_range_is_ignored(string range)
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4", null, ("Range", range));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task If_Range_decides_between_a_part_and_the_whole_file()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        using HttpResponseMessage head = await client.SendAsync(HttpMethod.Head, $"/videos/{id}.mp4");
        (await StatusAsync(head.Headers.ETag!.ToString())).ShouldBe(HttpStatusCode.PartialContent);
        (await StatusAsync(head.Content.Headers.LastModified!.Value.ToString("r"))).ShouldBe(HttpStatusCode.PartialContent);
        (await StatusAsync("\"other\"")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync("W/" + head.Headers.ETag)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync("Thu, 01 Jan 1970 00:00:00 GMT")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(string expected)
        {
            using HttpResponseMessage response = await client.GetAsync(
                $"/videos/{id}.mp4",
                null,
                ("Range", "bytes=10-"),
                ("If-Range", expected));
            return response.StatusCode;
        }
    }
}
