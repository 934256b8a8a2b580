using System.Text;
using System.Text.Json;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>The fields of a sidecar: which are required, and which come from an earlier sidecar.</summary>
public sealed class SidecarFieldTests : IDisposable
{
    private const int LongestFile = 64 * 1024 * 1024;

    private static readonly DateTime s_time = new(2026, 10, 1, 12, 30, 15, DateTimeKind.Utc);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_value_that_is_known_now_replaces_that_of_the_earlier_sidecar()
    {
        Sidecar now = Full(2);
        now.CompletedBy(Full(1)).ShouldBe(now);
    }

    [Fact]
    public void Every_value_that_is_not_known_now_is_taken_from_the_earlier_sidecar()
    {
        Sidecar before = Full(1);
        Sidecar bare = new() { Generator = "G", Id = "vid-1", File = "lake.mp4", Length = 6, Sha256 = "bb", Saved = s_time.AddDays(9) };
        bare.CompletedBy(before).ShouldBe(before with
        {
            Generator = bare.Generator, Id = bare.Id, File = bare.File, Length = bare.Length, Sha256 = bare.Sha256, Saved = bare.Saved,
        });
    }

    [Fact]
    public void A_sidecar_has_one_field_a_line()
    {
        byte[] text = new Sidecar { Id = "vid-1", Sha256 = "aa", Duration = 4 }.ToUtf8();
        Encoding.UTF8.GetString(text).ReplaceLineEndings("\n").ShouldBe(
            "{\n  \"Version\": 1,\n  \"Id\": \"vid-1\",\n  \"Sha256\": \"aa\",\n  \"Duration\": 4\n}");
    }

    [Theory]
    [InlineData(1, "a", "b", true)]
    [InlineData(0, "a", "b", false)]
    [InlineData(2, "a", "b", false)]
    [InlineData(1, "", "b", false)]
    [InlineData(1, "a", "", false)]
    public void A_sidecar_has_a_known_version_an_id_and_a_hash(int version, string id, string hash, bool isSidecar)
    {
        string text = $$"""{"Version":{{version}},"Id":"{{id}}","Sha256":"{{hash}}"}""";
        (Sidecar.Read(_folder.Write("a.mp4.json", Encoding.UTF8.GetBytes(text)))?.Id == id).ShouldBe(isSidecar);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_sidecar_of_at_most_64_MiB_is_read()
    {
        byte[] content = new byte[LongestFile + 1];
        content.AsSpan().Fill((byte)' ');
        """{"Version":1,"Id":"vid-1","Sha256":"aa"}"""u8.CopyTo(content);
        Sidecar.Read(_folder.Write("a.mp4.json", content.AsSpan(0, LongestFile))).ShouldNotBeNull();
        Sidecar.Read(_folder.Write("a.mp4.json", content)).ShouldBeNull();
    }

    private static Sidecar Full(int number) => new()
    {
        Generator = $"Generator {number}", Id = "vid-1", Origin = $"https://{number}.example", File = $"{number}.mp4", Length = number,
        Sha256 = $"a{number}", Saved = s_time.AddDays(number), Model = $"Model {number}", Prompt = $"Prompt {number}", Duration = number,
        AspectRatio = $"{number}:9", Resolution = $"{number}P", Image = $"{number}.png", ReferenceImage = [$"{number}.jpg"],
        SourceVideo = $"https://v.example/{number}.mp4", Watermark = JsonSerializer.SerializeToElement(number),
        Parameter = JsonSerializer.SerializeToElement(number), ImageContent = new() { ["a.png"] = $"{number}" },
        Url = new Uri($"https://media.example/{number}.mp4"), Cost = number, Latency = TimeSpan.FromSeconds(number),
        Created = s_time.AddHours(number), RequestId = $"req-{number}", Input = JsonSerializer.SerializeToElement(number),
    };
}
