using System.Text;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>Of a long sidecar, only the start is read to find out which video it belongs to.</summary>
public sealed class SidecarHeadTests : IDisposable
{
    private static readonly Sidecar s_sidecar = new()
    {
        Generator = "Chuizi.Video 1.0.0", Id = "vid-1", Origin = "https://api.example", File = "kite.mp4", Length = 5_000_000_000,
        Sha256 = "aa", Saved = new DateTime(2026, 10, 1, 12, 30, 15, DateTimeKind.Utc), Prompt = "A red kite",
    };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_a_long_sidecar_only_what_identifies_the_video_is_read()
    {
        byte[] content = (s_sidecar with { Prompt = Long() }).ToUtf8();
        Sidecar expected = new() { Id = "vid-1", Origin = "https://api.example", Length = 5_000_000_000, Sha256 = "aa" };
        Read(content).ShouldBe(expected);
        Read(content.AsSpan()[..^1]).ShouldBe(expected, "the damaged end is not read");
    }

    [Fact]
    public void A_short_sidecar_is_read_completely()
    {
        Read(s_sidecar.ToUtf8()).ShouldBe(s_sidecar);
        Read(s_sidecar.ToUtf8().AsSpan()[..^1]).ShouldBeNull("it is damaged");
        Read([]).ShouldBeNull();
        Sidecar.ReadHead(_folder.Of("missing.mp4.json")).ShouldBeNull();
    }

    [Fact]
    public void Fields_inside_another_field_do_not_count()
    {
        const string Inner = """{"Version":2,"Id":"other","Origin":"https://other.example","Length":1,"Sha256":"bb","Saved":"x"}""";
        string text = $$"""{"Version":1,"Id":"vid-1","Sha256":"aa","Later":{{Inner}},"Saved":"2026-10-01","Prompt":"{{Long()}}""";
        Read(Encoding.UTF8.GetBytes(text)).ShouldBe(new Sidecar { Id = "vid-1", Sha256 = "aa" });
    }

    [Theory]
    [InlineData("""{"Prompt":"LONG","Version":1,"Id":"vid-1","Sha256":"aa","Saved":"2026-10-01T00:00:00Z"}""")]
    [InlineData("""{"Saved":"2026-10-01T00:00:00Z","Prompt":"LONG","Version":1,"Id":"vid-1","Sha256":"aa"}""")]
    [InlineData("""{"Version":1,"Id":"vid-1","Sha256":"aa","Prompt":"LONG"}""")]
    public void A_long_sidecar_with_its_fields_in_another_order_is_read_completely(string text) =>
        Read(Encoding.UTF8.GetBytes(text.Replace("LONG", Long(), StringComparison.Ordinal))).ShouldNotBeNull()
            .ShouldSatisfyAllConditions(
                sidecar => (sidecar.Version, sidecar.Id, sidecar.Sha256).ShouldBe((1, "vid-1", "aa")),
                sidecar => sidecar.Prompt.ShouldBe(Long()));

    [Theory]
    [InlineData("""{"Version":2,"Id":"vid-1","Sha256":"aa","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""{"Version":1,"Id":"","Sha256":"aa","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""{"Version":1,"Id":"vid-1","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""{"Version":1,"Id":7,"Sha256":"aa","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""{"Version":1.5,"Id":"vid-1","Sha256":"aa","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""{"Version":1,"Id" "vid-1","Sha256":"aa","Saved":"2026-10-01T00:00:00Z","Prompt":"LONG"}""")]
    [InlineData("""["Version","LONG"]""")]
    [InlineData("LONG")]
    public void A_long_file_that_is_not_a_sidecar_is_not_read_as_one(string text) =>
        Read(Encoding.UTF8.GetBytes(text.Replace("LONG", Long(), StringComparison.Ordinal))).ShouldBeNull();

    [Fact]
    public void The_index_has_only_sidecars_of_videos_and_prefers_the_first_by_name()
    {
        foreach (string name in new[] { "b.mp4", "a.mp4", "c.mp4", "notes" })
        {
            _folder.Write(name, "12345"u8);
            Sidecar sidecar = new() { Id = name == "notes" ? "vid-2" : "vid-1", Length = 5, Sha256 = name };
            _folder.Write(name + ".json", sidecar.ToUtf8());
        }

        SidecarIndex index = SidecarIndex.Read(_folder.Path, CancellationToken.None);
        index.Find("vid-1", null).ShouldBe((_folder.Of("a.mp4"), "a.mp4"));
        index.Find("vid-2", null).ShouldBeNull();
        Should.Throw<OperationCanceledException>(() => SidecarIndex.Read(_folder.Path, new CancellationToken(canceled: true)));
    }

    private static string Long() => new('x', 5000);

    private Sidecar? Read(ReadOnlySpan<byte> content) => Sidecar.ReadHead(_folder.Write("kite.mp4.json", content));
}
