using System.Xml.Linq;
using Chuizi.Video.EngineHost.Hosting;

namespace Chuizi.Video.Module.Tests.Formats;

/// <summary>What a user sees, at the widths that terminals have.</summary>
public sealed class TableTests
{
    private const string Videos = """
        [Chuizi.Video.Video]@{ Id = 'vid-1'; Status = 'succeeded'; Model = 'bailian/happyhorse-1.0-video-edit'; Duration = 15; Cost = 12.5; Created = [datetime]::UtcNow.AddSeconds(-42); Prompt = "A red fox crosses`na frozen lake at dawn, slowly, while the ice sings"; Path = '/videos/fox.mp4' }
        [Chuizi.Video.Video]@{ Id = 'vid-2'; Status = 'processing'; Model = 'google/veo-3.1'; Created = [datetime]::UtcNow.AddHours(-3); Prompt = 'short' }
        [Chuizi.Video.Video]@{ Status = 'skipped'; Model = 'google/veo-3.1'; Cost = 0.0123; Prompt = "esc$([char]27)[2Jape" }
        """;

    [Fact]
    public void Videos_at_80_columns() => Show(80, Videos).ShouldBe("""
        Status     Model                     Sec    Cost Age Prompt
        ------     -----                     ---    ---- --- ------
        succeeded  happyhorse-1.0-video-edit  15  $12.50 42s A red fox crosses a froze…
        processing veo-3.1                                3h short
        skipped    veo-3.1                       $0.0123     esc [2Jape
        """);

    [Fact]
    public void Videos_at_120_columns_with_their_files() => Show(120, Videos).ShouldBe("""
        Status     Model                     Sec    Cost Age Prompt                     File
        ------     -----                     ---    ---- --- ------                     ----
        succeeded  happyhorse-1.0-video-edit  15  $12.50 42s A red fox crosses a froze… fox.mp4
        processing veo-3.1                                3h short
        skipped    veo-3.1                       $0.0123     esc [2Jape
        """);

    [Fact]
    public void A_summary_at_80_columns() => Show(80, """
        $failures = [Chuizi.Video.VideoFailure]@{ Reason = 'GenerationFailed'; Message = 'Content policy violation'; Count = 2 }, [Chuizi.Video.VideoFailure]@{ Reason = 'WaitTimeout'; Message = 'The video vid-1 is not finished.'; Count = 1 }
        [Chuizi.Video.VideoSummary]@{ Total = 5; Succeeded = 2; Saved = 2; Failed = 2; Processing = 1; Cost = 0.3; CostUnknown = 1; Elapsed = '00:03:12'; MedianLatency = '00:00:45'; LongestLatency = '00:02:00'; Failures = $failures; ExitCode = 2 }
        """).ShouldBe("""
        Total          : 5
        Succeeded      : 2
        Failed         : 2
        Processing     : 1
        Unknown        : 0
        Skipped        : 0
        Saved          : 2
        Cost           : at least $0.30
        Elapsed        : 3m
        MedianLatency  : 45s
        LongestLatency : 2m
        Failures       : 2 GenerationFailed: Content policy violation
                         1 WaitTimeout: The video vid-1 is not finished.
        ExitCode       : 2
        """);

    [Fact]
    public void Models_at_80_columns() => Show(80, "Get-ChuiziVideoModel google/*").ShouldBe("""
        Name                              Type               Max s   Price Note
        ----                              ----               -----   ----- ----
        google/veo-3.1                    text-to-video          8         highest qua…
        google/veo-3.1-fast               text-to-video          8         faster
        google/veo-3.1-lite               text-to-video          8         most afford…
        """);

    [Theory]
    [InlineData("Video", typeof(Video))]
    [InlineData("VideoModel", typeof(VideoModel))]
    public void A_list_has_every_property(string view, Type type)
    {
        XElement format = XElement.Load(Repository.PathOf("src", "Chuizi.Video", "Chuizi.Video.Format.ps1xml"));
        IEnumerable<string> listed = format.Descendants("View").Single(element => element.Element("Name")!.Value == view).Descendants("ListItem").Select(item => (item.Element("Label") ?? item.Element("PropertyName"))!.Value);

        listed.ShouldBe(type.GetProperties().Select(property => property.Name), ignoreOrder: true);
    }

    [Fact]
    public void A_deserialized_video_has_the_same_table()
    {
        const string Roundtrip = "{0} | ForEach-Object {{ [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }}";
        string one = Videos.Split('\n')[0];

        Show(80, string.Format(Roundtrip, one)).ShouldBe(Show(80, one));
    }

    private static string Show(int width, string script)
    {
        RecordingTerminal terminal = new(width);
        using EngineSession session = new(terminal);
        session.RunCommand($"Import-Module '{Repository.Module}'; {script}").ShouldBe(0, terminal.Text);
        return terminal.Text.Replace("\r", "", StringComparison.Ordinal);
    }
}
