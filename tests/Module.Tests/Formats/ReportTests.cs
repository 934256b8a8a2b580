using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Formats;

/// <summary>Videos in spreadsheets and in JSON.</summary>
[Trait("Speed", "Medium")]
public sealed class ReportTests : IDisposable
{
    private readonly Shell _shell = new();

    public ReportTests()
    {
        File.WriteAllBytes(Path.Combine(_shell.Folder, "a.png"), Images.Png(640, 480));
        _shell.Run(
            """
            $global:rows = @(
                [pscustomobject]@{ Prompt = 'A "red" kite, high'; Duration = 4; AspectRatio = '9:16'; FileName = 'kite'; 'body.seed' = 7 }
                [pscustomobject]@{ Prompt = "two`nlines"; Model = 'happyhorse-1.0-t2v'; Watermark = 'false'; Resolution = '720P' }
                [pscustomobject]@{ Prompt = 'Push in'; Model = 'wan2.6-i2v'; Image = 'a.png' }
                [pscustomobject]@{ Prompt = 'Image 1 in Image 2'; Model = 'happyhorse-1.0-r2v'; ReferenceImage = 'a.png;https://a.example/b.png' }
                [pscustomobject]@{ Prompt = 'At night'; SourceVideo = 'https://a.example/v.mp4' }
                [pscustomobject]@{ Prompt = 'forbidden' }
            )
            $global:v = $rows | New-ChuiziVideo -Ledger run.jsonl | Save-ChuiziVideo out -ErrorAction Ignore
            """).Errors.ShouldBeEmpty();
    }

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("$v", "New-ChuiziVideo -Path report.csv")]
    [InlineData("$v", "Import-Csv report.csv | New-ChuiziVideo")]
    [InlineData("(Get-ChuiziVideo -Ledger run.jsonl)", "New-ChuiziVideo -Path report.csv")]
    [InlineData("($v | Export-Clixml v.xml; Import-Clixml v.xml)", "New-ChuiziVideo -Path report.csv")]
    public void A_report_is_flat_and_comes_back_as_the_same_rows(string videos, string import)
    {
        string create = videos.StartsWith('(') ? $"$({videos[1..^1]})" : videos;
        _shell.Run($"{create} | Select-Object Report | Export-Csv report.csv").ShouldBeClean();
        string text = File.ReadAllText(Path.Combine(_shell.Folder, "report.csv"));
        text.ShouldNotContain("System.");
        text.ShouldNotContain("@{");
        text.ShouldContain(" UTC\"");
        text.ShouldContain("Content policy violation");

        Outcome outcome = _shell.Run($"{import} -Ledger run.jsonl");
        outcome.Errors.ShouldBeEmpty();
        outcome.Output.Count.ShouldBe(6);
        _shell.Posts.Count.ShouldBe(6, "every row is recorded");
    }

    [Fact]
    public void A_report_that_is_piped_on_is_the_same_rows_too()
    {
        Outcome outcome = _shell.Run("$v | Select-Object Report | New-ChuiziVideo -Ledger run.jsonl");
        outcome.Errors.ShouldBeEmpty();
        _shell.Posts.Count.ShouldBe(6);
    }

    [Fact]
    public void A_cost_has_no_zeros_at_its_end_and_json_has_seconds()
    {
        JsonElement json = JsonDocument.Parse(_shell.Run("$v | Where-Object FileName -eq kite | ConvertTo-Json -Depth 4").ShouldBeClean().Output.Single().ToString()).RootElement;
        json.GetProperty("Cost").GetRawText().ShouldBe("0.12");
        json.GetProperty("Latency").ValueKind.ShouldBe(JsonValueKind.Number);
        json.GetProperty("Created").GetString().ShouldEndWith("Z");
        string summary = _shell.Run("$v | Wait-ChuiziVideo -Summary -ErrorAction Ignore | ConvertTo-Json").Output.Single().ToString();
        JsonDocument.Parse(summary).RootElement.GetProperty("Elapsed").ValueKind.ShouldBe(JsonValueKind.Number);
        summary.ShouldNotContain("Ticks");
    }
}
