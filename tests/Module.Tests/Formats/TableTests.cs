using System.Xml.Linq;

namespace Chuizi.Video.Module.Tests.Formats;

/// <summary>What users see at common terminal widths.</summary>
public sealed class TableTests
{
    private const string Videos = """
        [Chuizi.Video.Video]@{ Row = 1; Id = 'vid-1'; Status = 'succeeded'; Model = 'bailian/happyhorse-1.0-video-edit'; Duration = 15; Cost = 12.5; Created = [datetime]::UtcNow.AddMinutes(-41.6); Prompt = "A red fox crosses`na frozen lake at dawn, slowly, while the ice sings"; FileName = 'fox'; Path = '/videos/fox (2).mp4' }
        [Chuizi.Video.Video]@{ Row = 120; Id = 'vid-2'; Status = 'processing'; Model = 'google/veo-3.1'; Created = [datetime]::UtcNow.AddHours(-3); Prompt = 'short'; FileName = '03/kite' }
        [Chuizi.Video.Video]@{ Status = 'skipped'; Model = 'google/veo-3.1'; Cost = 0.0123; Prompt = "esc$([char]27)[2Jape" }
        """;

    [Fact]
    public void Videos_at_80_columns() => Show(80, Videos).ShouldBe("""
        Row Status     Model          Sec    Cost Age File             Prompt
        --- ------     -----          ---    ---- --- ----             ------
          1 succeeded  happyhors…edit  15  $12.50 42m fox (2).mp4      A red fox cross…
        120 processing veo-3.1                     3h 03/kite          short
            skipped    veo-3.1            $0.0123                      esc [2Jape
        """);

    [Fact]
    public void Videos_at_120_columns() => Show(120, Videos).ShouldBe("""
        Row Status     Model          Sec    Cost Age File                                 Prompt
        --- ------     -----          ---    ---- --- ----                                 ------
          1 succeeded  happyhors…edit  15  $12.50 42m fox (2).mp4                          A red fox crosses a frozen lake at …
        120 processing veo-3.1                     3h 03/kite                              short
            skipped    veo-3.1            $0.0123                                          esc [2Jape
        """);

    // The host decides: PowerShell removes the colors where the host does not render them.
    [Theory]
    [InlineData("succeeded", 32)]
    [InlineData("failed", 31)]
    [InlineData("processing", 36)]
    [InlineData("unknown", 33)]
    [InlineData("skipped", 90)]
    public void A_status_has_a_color_unless_the_output_is_redirected(string status, int code)
    {
        DisplayText.Status(status, inColor: true).ShouldBe($"\e[{code}m{status}\e[0m");
        DisplayText.Status(status, inColor: false).ShouldBe(status);
    }

    [Fact]
    public void A_summary_at_80_columns() =>
        Show(
                80,
                """
                $failures = [Chuizi.Video.VideoSummaryProblem]@{ Reason = 'GenerationFailed'; Message = 'Content policy violation'; Count = 2 }, [Chuizi.Video.VideoSummaryProblem]@{ Reason = 'WaitTimeout'; Message = 'The video vid-1 is not finished.'; Count = 1 }
                [Chuizi.Video.VideoSummary]@{ Total = 5; Succeeded = 2; Saved = 2; Failed = 2; Processing = 1; Cost = 0.3; CostUnknown = 1; Elapsed = 192; MedianLatency = 45; LongestLatency = 120; Problems = $failures; ExitCode = 2 }
                """)
            .ShouldBe(
                """
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
                Problems       : 2 GenerationFailed: Content policy violation
                                 1 WaitTimeout: The video vid-1 is not finished.
                ExitCode       : 2
                """);

    [Fact]
    public void Models_at_80_columns() => Show(80, "Get-ChuiziVideoModel google/*").ShouldBe("""
        Name                              Type               Max s   Price Note
        ----                              ----               -----   ----- ----
        google/veo-3.1                    text-to-video          8         highest qua…
        google/veo-3.1-fast               text-to-video          8         faster
        google/veo-3.1-lite               text-to-video          8         cheapest
        """);

    [Fact]
    public void Models_at_120_columns_with_notes_and_online_prices() =>
        Show(120, "Get-ChuiziVideoModel bailian/*i2v, google/veo-3.1-lite -Online")
            .ShouldBe(
                """
                Name                              Type               Max s   Price Note
                ----                              ----               -----   ----- ----
                bailian/happyhorse-1.0-i2v        image-to-video        15 $0.14/s the aspect ratio follows the image
                bailian/wan2.6-i2v                image-to-video         5 $0.08/s the image must be 240 to 8000 pixels per side
                google/veo-3.1-lite               text-to-video          8 $0.03/s cheapest
                """);

    [Fact]
    public void No_model_name_or_type_is_truncated_at_80_columns()
    {
        string[][] rows =
        [
            .. Show(80, "Get-ChuiziVideoModel")
                .Split('\n')[2..]
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2]),
        ];
        string[][] models =
        [
            .. Show(200, "Get-ChuiziVideoModel | ForEach-Object { \"$($_.Name) $($_.Type)\" }").Split('\n').Select(line => line.Split(' ')),
        ];

        rows.ShouldBe(models);
    }

    [Fact]
    public void An_account_is_a_short_list() => Show(80, "Get-ChuiziVideoAccount").Split('\n').Select(line => line.Split(':')[0].Trim())
        .ShouldBe(["BaseAddress", "Balance", "DailyLimit", "RequestsPerMinute", "AllowedModels"]);

    [Fact]
    public void Objects_of_different_types_in_one_script_each_use_their_own_view()
    {
        string shown = Show(
            120,
            $"& {{ Get-ChuiziVideoAccount; {Videos}; [Chuizi.Video.VideoSummary]@{{ Total = 3 }}; {Videos.Split('\n')[1]} }}");

        shown.ShouldStartWith("BaseAddress       : http://127.0.0.1:");
        shown.ShouldContain("\nTotal          : 3\n");
        shown.Split('\n').Count(line => line.Contains("processing veo-3.1 ", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("Video", typeof(Video))]
    [InlineData("VideoModel", typeof(VideoModel))]
    public void The_list_view_shows_every_property(string view, Type type)
    {
        XElement format = XElement.Load(Repository.PathOf("src", "Chuizi.Video", "Chuizi.Video.Format.ps1xml"));
        IEnumerable<string> listed = format
            .Descendants("View")
            .Single(element => element.Element("Name")!.Value == view)
            .Descendants("ListItem")
            .Select(item => (item.Element("Label") ?? item.Element("PropertyName"))!.Value);

        listed.ShouldBe(type.GetProperties().Select(property => property.Name), ignoreOrder: true);
    }

    [Fact]
    public void The_list_view_of_a_video_shows_its_values()
    {
        // The engine shows an empty value when the script of a view throws.
        string shown = Show(120, $"{Videos.Split('\n')[0]} | Format-List");

        shown.ShouldContain("Id             : vid-1\n");
        shown.ShouldContain("Model          : bailian/happyhorse-1.0-video-edit\n");
        shown.ShouldContain("Path           : /videos/fox (2).mp4\n");
    }

    [Fact]
    public void A_deserialized_video_has_the_same_table()
    {
        const string Roundtrip =
            "{0} | ForEach-Object {{ "
                + "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }}";
        string one = Videos.Split('\n')[0];

        Show(80, string.Format(Roundtrip, one)).ShouldBe(Show(80, one));
    }

    private static string Show(int width, string script)
    {
        RecordingHost host = new(width);
        using Shell shell = new(host: host);
        shell.RunAtPrompt(script).ShouldBeClean();
        return host.Text.Replace("\r", "", StringComparison.Ordinal);
    }
}
