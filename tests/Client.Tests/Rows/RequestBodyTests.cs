using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Sandbox;
using CsCheck;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class RequestBodyTests : ClientTest
{
    [Fact]
    public async Task A_text_to_video_request_has_only_the_specified_fields() =>
        (await WrittenAsync(new VideoRequest { Model = "google/veo-3.1", Prompt = "A red kite" })).ShouldBe(
            """{"model":"google/veo-3.1","prompt":"A red kite"}""");

    [Fact]
    public async Task Every_field_has_its_documented_name() =>
        (await WrittenAsync(new VideoRequest
        {
            Model = "bailian/happyhorse-1.0-video-edit",
            Prompt = "Put Image 1 on Image 2",
            Duration = 8,
            Image = Image("https://example.com/a.png"),
            ReferenceImages = [Image("https://example.com/b.png?x=1&y=2"), Image("data:image/png;base64,aGFsbG8=")],
            SourceVideo = MediaSource.At(new Uri("https://example.com/c%20d.mp4?sig=a%2Bb%2F+c")),
            Resolution = "1080P",
            AspectRatio = "16:9",
            Watermark = false,
            Parameters = new Dictionary<string, object?> { ["seed"] = 7 },
        })).ShouldBe(
            """
            {"model":"bailian/happyhorse-1.0-video-edit","prompt":"Put Image 1 on Image 2","duration":8,"image":"https://example.com/a.png","reference_image_urls":["https://example.com/b.png?x=1&y=2","data:image/png;base64,aGFsbG8="],"video_url":"https://example.com/c%20d.mp4?sig=a%2Bb%2F+c","resolution":"1080P","aspect_ratio":"16:9","watermark":false,"seed":7}
            """);

    [Fact]
    public async Task Extra_fields_of_every_type_are_sent_unchanged()
    {
        VideoRequest request = new()
        {
            Model = "m",
            Prompt = "p",
            Parameters = new Dictionary<string, object?>
            {
                ["null"] = null,
                ["text"] = "\"quoted\" \\ \n ü",
                ["true"] = true,
                ["int"] = -1,
                ["long"] = long.MinValue,
                ["short"] = (short)-2,
                ["byte"] = (byte)255,
                ["uint"] = uint.MaxValue,
                ["decimal"] = 0.10m,
                ["double"] = 1e300,
                ["float"] = 0.5f,
                ["list"] = new object?[] { 1, "a", null, new[] { true } },
                ["map"] = new System.Collections.Specialized.OrderedDictionary
                {
                    ["b"] = 1,
                    ["a"] = new Dictionary<string, object?> { ["x"] = "y" },
                },
                ["uri"] = new Uri("https://example.com/a%20b?c=%2B"),
                ["guid"] = Guid.Empty,
                ["date"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
                ["empty"] = Array.Empty<int>(),
                ["ключ \"\n"] = 1,
            },
        };
        foreach ((_, object? value) in request.Parameters)
        {
            JsonConversion.GetProblem(value).ShouldBeNull();
        }

        using InCulture culture = new("de-DE");
        string json = await WrittenAsync(request);
        json.ShouldContain(
            """
            "null":null,"text":"\"quoted\" \\ \n ü","true":true,"int":-1,"long":-9223372036854775808,"short":-2,"byte":255,"uint":4294967295,"decimal":0.10,"double":1E+300,"float":0.5,"list":[1,"a",null,[true]],"map":{"b":1,"a":{"x":"y"}},"uri":"https://example.com/a%20b?c=%2B","guid":"00000000-0000-0000-0000-000000000000","date":"2026-01-02T03:04:05Z","empty":[]
            """);
        using JsonDocument document = JsonDocument.Parse(json);
        document.RootElement.GetProperty("ключ \"\n").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("\"quotes\", \\backslashes\\ and\r\nlines\t")]
    [InlineData("🎬 видео 视频 ünïcödé <b>&amp;</b> + ' `")]
    [InlineData("\u2028 \u2029 \u0000 \u001f \u007f \ufeff")]
    public async Task Any_prompt_arrives_unchanged(string prompt)
    {
        SandboxServer server = Start();
        await Connect(server).SubmitAsync(Request(prompt), CancellationToken.None);
        server.Jobs.Single().Prompt.ShouldBe(prompt);
    }

    // InlineData cannot contain lone surrogates, so the prompts are here.
    [Fact]
    public async Task A_lone_surrogate_is_replaced()
    {
        SandboxServer server = Start();
        ChuiziClient client = Connect(server);
        foreach (string prompt in new[] { "half \ud83c of a pair", "\udfac\ud83c", "end \ud83c" })
        {
            await client.SubmitAsync(
                new VideoRequest
                {
                    Model = "google/veo-3.1",
                    Prompt = prompt,
                    Parameters = new Dictionary<string, object?> { [prompt] = prompt },
                },
                CancellationToken.None);
        }

        server.Jobs.Select(job => job.Prompt).ShouldBe(["half \ufffd of a pair", "\ufffd\ufffd", "end \ufffd"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_text_results_in_valid_JSON_of_the_stated_length() =>
        Gen.Select(Gen.String, Gen.String)
            .Sample(
                (prompt, field) =>
                {
                    using RequestBody body = RequestBody.Of(
                        new VideoRequest
                        {
                            Model = "m",
                            Prompt = prompt,
                            Parameters = new Dictionary<string, object?> { ["x" + field] = prompt },
                        });
                    using MemoryStream stream = new();
                    body.WriteToAsync(stream, CancellationToken.None).Wait();
                    stream.Length.ShouldBe(body.Length);
                    using JsonDocument document = JsonDocument.Parse(stream.ToArray());
                    string sent = document.RootElement.GetProperty("prompt").GetString()!;
                    sent.ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(prompt)));
                });

    // Lengths around the read buffer size and the three-byte groups of Base64.
    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(48 * 1024 - 1)]
    [InlineData(48 * 1024)]
    [InlineData(48 * 1024 + 1)]
    [InlineData(3 * 48 * 1024)]
    [InlineData(1_000_000)]
    public async Task A_local_image_is_sent_as_the_base64_of_its_content(int length)
    {
        using TempFolder folder = new();
        byte[] picture = Picture(length);
        VideoRequest request = new() { Model = "m", Prompt = "p", Image = Image(folder.Write("a.png", picture)) };
        RawRequest sent = await SentAsync(request);
        using JsonDocument document = JsonDocument.Parse(sent.Body);
        string text = document.RootElement.GetProperty("image").GetString()!;
        text.ShouldStartWith("data:image/png;base64,");
        Convert.FromBase64String(text["data:image/png;base64,".Length..]).AsSpan().SequenceEqual(picture).ShouldBeTrue();
        sent.Headers["Content-Length"].ShouldBe($"{sent.Body.Length}");
        sent.Headers.ContainsKey("Transfer-Encoding").ShouldBeFalse();
        sent.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
    }

    [Fact]
    public async Task Several_local_images_keep_their_order_and_types()
    {
        using TempFolder folder = new();
        byte[][] pictures = [Images.Jpeg(400, 300), Picture(70_000), Images.Gif(5, 5), Images.WebPLossy(9, 9)];
        string[] types = ["image/jpeg", "image/png", "image/gif", "image/webp"];
        MediaSource[] images = [.. pictures.Select((picture, index) => Image(folder.Write($"{index}.bin", picture)))];
        using JsonDocument document = JsonDocument.Parse((await SentAsync(new VideoRequest
        {
            Model = "bailian/happyhorse-1.0-r2v", Prompt = "p", Image = images[0],
            ReferenceImages = [images[1], Image("https://example.com/x.png"), images[2], images[3], images[1]],
        })).Body);
        document.RootElement.GetProperty("image").GetString().ShouldBe(DataUrl(0));
        document.RootElement.GetProperty("reference_image_urls").EnumerateArray().Select(item => item.GetString())
            .ShouldBe([DataUrl(1), "https://example.com/x.png", DataUrl(2), DataUrl(3), DataUrl(1)]);

        string DataUrl(int index) => $"data:{types[index]};base64,{Convert.ToBase64String(pictures[index])}";
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_large_image_is_sent_completely()
    {
        using TempFolder folder = new();
        byte[] picture = Picture(15_000_000);
        SandboxServer server = Start();
        VideoRequest request = new() { Model = "bailian/wan2.6-i2v", Prompt = "p", Image = Image(folder.Write("a.png", picture)) };
        await Connect(server).SubmitAsync(request, CancellationToken.None);
        string hash = Convert.ToHexString(
            SHA256.HashData(Encoding.ASCII.GetBytes("data:image/png;base64," + Convert.ToBase64String(picture))));
        server.Jobs.Single().Body.ShouldContain(hash);
    }

    [Fact]
    public async Task A_retry_sends_the_image_again()
    {
        using TempFolder folder = new();
        SandboxServer server = Start();
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Times = 2 });
        VideoRequest request = new() { Model = "bailian/wan2.6-i2v", Prompt = "p", Image = Image(folder.Write("a.png", Picture(200_000))) };
        await Connect(server).SubmitAsync(request, CancellationToken.None);
        server.Requests.Count.ShouldBe(3);
        server.Requests.Select(sent => sent.BodyLength).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_image_is_detected_before_anything_is_sent()
    {
        using TempFolder folder = new();
        SandboxServer server = Start();
        string path = folder.Write("a.png", Picture(64));
        VideoRequest request = new() { Model = "m", Prompt = "p", Image = Image(path), ReferenceImages = [Image(path)] };
        File.Delete(path);
        await Should.ThrowAsync<FileNotFoundException>(() => Connect(server).SubmitAsync(request, CancellationToken.None));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_image_file_is_closed_after_the_submission()
    {
        using TempFolder folder = new();
        SandboxServer server = Start();
        string path = folder.Write("a.png", Picture(64));
        await Connect(server)
            .SubmitAsync(
                new VideoRequest
                {
                    Model = "bailian/wan2.6-i2v",
                    Prompt = "p",
                    Image = Image(path),
                },
                CancellationToken.None);
        // Opening the file exclusively fails if it is still open.
        using FileStream exclusive = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        exclusive.Length.ShouldBe(64);
    }

    [Fact]
    public void Equal_inputs_have_the_same_canonical_body()
    {
        using TempFolder folder = new();
        VideoRequest request = new()
        {
            Model = "m", Prompt = "two\r\nlines e\u0301", Image = Image(folder.Write("a.png", Picture(64))),
            SourceVideo = MediaSource.At(new Uri("https://a/b.mp4?x=1&sig=s&sv=2024")),
            Parameters = new Dictionary<string, object?> { ["b"] = 1, ["a"] = new Dictionary<string, object?> { ["d"] = 2, ["c"] = 3 } },
        };
        Encoding.UTF8.GetString(RequestBody.Canonical(request, file => Path.GetFileName(file.Value)).Span).ShouldBe(
            """{"model":"m","prompt":"two\nlines é","image":"a.png","video_url":"https://a/b.mp4?x=1","a":{"c":3,"d":2},"b":1}""");
    }

    [Fact]
    public async Task What_is_sent_keeps_line_ends_signatures_and_the_order_of_extra_fields() =>
        (await WrittenAsync(new VideoRequest
        {
            Model = "m",
            Prompt = "two\r\nlines e\u0301",
            SourceVideo = MediaSource.At(new Uri("https://a/b.mp4?x=1&sig=s&sv=2024")),
            Parameters = new Dictionary<string, object?> { ["b"] = 1, ["a"] = 2 },
        })).ShouldBe(
            "{\"model\":\"m\",\"prompt\":\"two\\r\\nlines e\u0301\","
            + "\"video_url\":\"https://a/b.mp4?x=1&sig=s&sv=2024\",\"b\":1,\"a\":2}");

    [Fact]
    public void A_body_is_described_with_the_names_and_sizes_of_its_files()
    {
        using InCulture culture = new("de-DE");
        using TempFolder folder = new();
        using RequestBody body = RequestBody.Of(new VideoRequest
        {
            Model = "m", Prompt = "p", Image = Image(folder.Write("a.png", Picture(1234))),
            ReferenceImages = [Image(folder.Write("b.png", Picture(64)))],
        });
        body.Describe().ShouldBe("""{"model":"m","prompt":"p","image":"data:image/png;base64,(1,234 bytes of a.png)","reference_image_urls":["data:image/png;base64,(64 bytes of b.png)"]}""");
    }

    [Fact]
    public void The_files_are_closed_if_one_of_them_cannot_be_opened()
    {
        using TempFolder folder = new();
        (string first, string second) = (folder.Write("a.png", Picture(64)), folder.Write("b.png", Picture(64)));
        VideoRequest request = new() { Model = "m", Prompt = "p", Image = Image(first), ReferenceImages = [Image(second)] };
        File.Delete(second);
        Should.Throw<FileNotFoundException>(() => RequestBody.Of(request));
        using FileStream exclusive = new(first, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        exclusive.Length.ShouldBe(64);
    }

    private static byte[] Picture(int length)
    {
        byte[] picture = Images.Png(640, 480, length);
        new Random(length).NextBytes(picture.AsSpan(24));
        "IEND"u8.CopyTo(picture.AsSpan(length - 8));
        return picture;
    }

    private async Task<RawRequest> SentAsync(VideoRequest request)
    {
        RawServer server = Serve(_ => RawReply.Json("""{"id":"vid-1"}"""));
        await Connect(server.Address).SubmitAsync(request, CancellationToken.None);
        return server.Requests.Single();
    }

    private async Task<string> WrittenAsync(VideoRequest request) => (await SentAsync(request)).Text;
}
