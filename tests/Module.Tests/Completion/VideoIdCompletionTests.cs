using System.Globalization;
using System.Text;

namespace Chuizi.Video.Module.Tests.Completion;

/// <summary>Completion of -Id of Wait-, Get- and Save-ChuiziVideo.</summary>
public sealed class VideoIdCompletionTests : IDisposable
{
    private readonly string? _before = Environment.GetEnvironmentVariable("CHUIZI_LEDGER");
    private readonly Shell _shell = new(connect: false);

    public VideoIdCompletionTests() => Environment.SetEnvironmentVariable("CHUIZI_LEDGER", Kept);

    private string Kept => Path.Combine(_shell.Folder, "state");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", _before);
        _shell.Server.Requests.ShouldBeEmpty();
        _shell.Dispose();
    }

    [Fact]
    public void The_newest_ids_of_all_months_come_first()
    {
        Keep("2026-01", Line(1, 90), Line(2, 80));
        Keep("2026-02", Line(3, 70), Line(4, 60));

        _shell.Texts("Get-ChuiziVideo ").ShouldBe(["vid-4", "vid-3", "vid-2", "vid-1"]);
        _shell.Texts("Get-ChuiziVideo -VideoId ").ShouldBe(["vid-4", "vid-3", "vid-2", "vid-1"]);
    }

    [Fact]
    public void Wait_offers_videos_in_progress_first_and_Save_videos_not_yet_saved()
    {
        Keep(
            "2026-01",
            Line(1, 90),
            Line(2, 80) + Settled(2, "succeeded"),
            Line(3, 70) + Settled(3, "succeeded") + Saved(3),
            Line(4, 60) + Settled(4, "failed"),
            Line(5, 50));

        _shell.Texts("Wait-ChuiziVideo -Id ").ShouldBe(["vid-5", "vid-1", "vid-4", "vid-3", "vid-2"]);
        _shell.Texts("Save-ChuiziVideo out -Id ").ShouldBe(["vid-2", "vid-5", "vid-4", "vid-3", "vid-1"]);
        _shell.Texts("Get-ChuiziVideo -Id ").ShouldBe(["vid-5", "vid-4", "vid-3", "vid-2", "vid-1"]);
    }

    [Fact]
    public void The_tooltip_shows_status_model_age_and_prompt_on_one_line()
    {
        Keep(
            "2026-01",
            Line(1, 90, "A red kite\r\n\u001b[31mover " + new string('x', 400)),
            Line(2, 80) + Settled(2, "succeeded") + Saved(2));

        CompletionResult[] matches = [.. _shell.Complete("Wait-ChuiziVideo -Id ").CompletionMatches];
        matches[0].ToolTip.ShouldStartWith("processing google/veo-3.1-lite, 90m ago: A red kite [31mover xxx");
        matches[0].ToolTip.Length.ShouldBe(200);
        matches[0].ListItemText.ShouldBe("vid-1 processing 90m ago: A red kite [31mover xxxxxxxxxxxxxxxxxxxxxxxxx…");
        matches[1].ToolTip.ShouldBe("saved google/veo-3.1-lite, 80m ago: prompt 2");
    }

    [Theory]
    [InlineData("Wait-ChuiziVideo vid-3, ", "vid-2 vid-1")]
    [InlineData("Wait-ChuiziVideo -Id vid-3, 'vid-1', v", "vid-2")]
    [InlineData("Wait-ChuiziVideo vid-^, vid-3", "vid-2 vid-1")]
    [InlineData("Wait-ChuiziVideo 'vid", "'vid-3' 'vid-2' 'vid-1'")]
    [InlineData("Wait-ChuiziVideo \"V", "\"vid-3\" \"vid-2\" \"vid-1\"")]
    [InlineData("Wait-ChuiziVideo vid-2", "vid-2")]
    [InlineData("Wait-ChuiziVideo 2", "vid-2")]
    [InlineData("Wait-ChuiziVideo nothing", "")]
    public void The_typed_word_filters_and_ids_already_on_the_line_are_not_offered_again(string line, string expected)
    {
        Keep("2026-01", Line(1, 90), Line(2, 80), Line(3, 70));

        string.Join(' ', _shell.Texts(line)).ShouldBe(expected);
    }

    [Fact]
    public void Ledgers_used_in_the_session_are_included_and_one_on_the_line_is_used_exclusively()
    {
        Keep("2026-01", Line(1, 90));
        File.WriteAllText(Path.Combine(_shell.Folder, "run.jsonl"), Line(2, 95));
        File.WriteAllText(Path.Combine(_shell.Folder, "other.jsonl"), Line(3, 99));

        _shell.Texts("Get-ChuiziVideo -Id ").ShouldBe(["vid-1"]);
        _shell.Run("Get-ChuiziVideo -Ledger run.jsonl").ShouldBeClean();
        _shell.Texts("Get-ChuiziVideo -Id ").ShouldBe(["vid-1", "vid-2"]);
        _shell.Texts("Get-ChuiziVideo -Ledger other.jsonl -Id ").ShouldBe(["vid-3"]);
    }

    [Fact]
    public void Only_ids_of_the_connected_address_are_offered()
    {
        Keep("2026-01", Line(1, 90));
        _shell.Run("Start-ChuiziVideoSandbox").ShouldBeClean();

        _shell.Texts("Wait-ChuiziVideo -Id ").ShouldBeEmpty();
        _shell.Run("New-ChuiziVideo 'a kite' -Ledger run.jsonl").ShouldBeClean();
        _shell.Texts("Wait-ChuiziVideo -Id ").Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("not/a/full/path")]
    [InlineData("\u0001")]
    public void Without_a_default_ledger_nothing_is_offered(string setting)
    {
        Environment.SetEnvironmentVariable("CHUIZI_LEDGER", setting);

        _shell.Texts("Wait-ChuiziVideo -Id ").ShouldBeEmpty();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void At_most_50_ids_of_a_ledger_with_100_000_entries_are_offered()
    {
        Keep("2026-01", [.. Enumerable.Range(1, 100_000).Select(number => Line(number, 200_000 - number))]);

        string[] ids = _shell.Texts("Wait-ChuiziVideo -Id ");
        ids.ShouldBe(Enumerable.Range(0, 50).Select(back => $"vid-{100_000 - back}"));
    }

    [Fact]
    public void Damaged_ledgers_and_invalid_ids_are_ignored()
    {
        Keep(
            "2026-01",
            Line(1, 90),
            "nonsense\n",
            Line(2, 80).Replace("vid-2", "vid 2;\\u001b", StringComparison.Ordinal),
            "{\"step\":\"intent\",");
        Directory.CreateDirectory(Path.Combine(Kept, "ledger-2026-03.jsonl"));
        File.WriteAllBytes(Path.Combine(Kept, "ledger-2026-02.jsonl"), new byte[5_000_000]);

        _shell.Texts("Wait-ChuiziVideo -Id ").ShouldBe(["vid-1"]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void An_inserted_id_binds_unchanged()
    {
        string[] odd =
        [
            "vid-1",
            "-x",
            "a'b",
            "a`b",
            "$x",
            "a\"b",
            "@x",
            "1e5",
            "x;y",
            "it\u2019s",
            "\u2013x",
            "#1",
            "7",
            "a b",
            new string('x', 2048),
        ];
        Keep(
            "2026-01",
            [
                .. odd.Select(
                    (id, number) =>
                        Line(number, 90 - number)
                            .Replace($"\"vid-{number}\"", System.Text.Json.JsonSerializer.Serialize(id), StringComparison.Ordinal)),
            ]);

        foreach (string quote in (string[])["", "'", "\"", "x, "])
        {
            string line = $"Wait-ChuiziVideo -Id {quote}";
            CommandCompletion completion = _shell.Complete(line);
            completion.CompletionMatches.Count.ShouldBe(odd.Length);
            (
                (string[])
                    [.. completion.CompletionMatches.Select(match => Last(_shell.Bound(Completions.Paste(line, completion, match), "Id")))]
            ).ShouldBe(odd.Reverse());
        }

        static string Last(object? bound) => (bound is System.Collections.IList list ? list[^1] : bound)!.ToString()!;
    }

    private static string Line(int number, int minutesAgo, string? prompt = null)
    {
        string at = DateTime.UtcNow.AddMinutes(-minutesAgo).ToString("O", CultureInfo.InvariantCulture);
        string text = System.Text.Json.JsonSerializer.Serialize(prompt ?? $"prompt {number}");
        return $$"""
            {"step":"intent","entry":"e{{number}}","origin":"https://api.chuizi.ai","run":"00","at":"{{at}}","model":"google/veo-3.1-lite","prompt":{{text}}}
            {"step":"submitted","entry":"e{{number}}","id":"vid-{{number}}","origin":"https://api.chuizi.ai","at":"{{at}}"}

            """.ReplaceLineEndings("\n");
    }

    private static string Settled(int number, string status) =>
        $$"""{"step":"settled","id":"vid-{{number}}","origin":"https://api.chuizi.ai","status":"{{status}}"}""" + "\n";

    private static string Saved(int number) =>
        $$"""{"step":"saved","id":"vid-{{number}}","origin":"https://api.chuizi.ai","path":"/videos/a.mp4"}""" + "\n";

    private void Keep(string month, params string[] lines)
    {
        Directory.CreateDirectory(Kept);
        File.WriteAllText(Path.Combine(Kept, $"ledger-{month}.jsonl"), string.Concat(lines), new UTF8Encoding(false));
    }
}
