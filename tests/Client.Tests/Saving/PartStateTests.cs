using System.Text;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class PartStateTests : IDisposable
{
    private const int LongestFile = 64 * 1024;

    private static readonly PartState s_state = new("vid-1", "\"a\"", 5000);

    private readonly TempFolder _folder = new();

    private string Path => _folder.Of("video.mp4.part.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_state_is_stored_replaced_and_deleted()
    {
        PartState.Replace(Path, s_state).ShouldBeTrue();
        PartState.Read(Path).ShouldBe(s_state);
        PartState.Replace(Path, s_state with { Length = null }).ShouldBeTrue();
        PartState.Read(Path).ShouldBe(s_state with { Length = null });
        PartState.Replace(Path, null).ShouldBeFalse();
        _folder.Names.ShouldBeEmpty();
    }

    [Fact]
    public void A_state_that_cannot_be_stored_is_not_reported_as_stored()
    {
        Directory.CreateDirectory(Path);
        PartState.Replace(Path, s_state).ShouldBeFalse();
        PartState.Replace(_folder.Of("missing/video.mp4.part.json"), s_state).ShouldBeFalse();
    }

    [Fact]
    public void A_state_of_at_most_64_KiB_is_read()
    {
        string text = """{"video":"vid-1","validator":"\"a\"","length":5000}""".PadRight(LongestFile);
        File.WriteAllText(Path, text, new UTF8Encoding(false));
        PartState.Read(Path).ShouldBe(s_state);
        File.AppendAllText(Path, " ");
        PartState.Read(Path).ShouldBeNull();
    }
}
