namespace Chuizi.Video.Module.Tests.Commands;

public sealed class GetChuiziVideoTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Many_videos_are_returned_in_the_order_of_their_ids()
    {
        _shell.Run("1..40 | ForEach-Object { \"p$_\" } | New-ChuiziVideo").ShouldBeClean();
        string[] ids = [.. _shell.Server.Jobs.Select(job => job.Id).Reverse()];

        _shell.Run("param($ids) Get-ChuiziVideo $ids", ("ids", ids)).ShouldBeClean().Texts("Id").ShouldBe(ids);
        _shell
            .Run("param($ids) $ids | Get-ChuiziVideo", ("ids", ids))
            .ShouldBeClean()
            .Texts("Status")
            .ShouldAllBe(status => status == "succeeded");
    }

    [Fact]
    public void A_failed_video_is_returned_without_an_error()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'forbidden' | Get-ChuiziVideo").ShouldBeClean();

        outcome.Texts("Status").ShouldBe(["failed"]);
        outcome.Texts("Error").ShouldBe(["Content policy violation"]);
    }

    [Fact]
    public void A_missing_video_is_one_error_and_the_others_are_returned()
    {
        _shell.Run("$v = 'a', 'b' | New-ChuiziVideo").ShouldBeClean();
        Outcome outcome = _shell.Run("$v[0].Id, 'vid-nowhere', $v[1].Id | Get-ChuiziVideo");

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("VideoNotFound,");
        outcome.TheError.TargetObject.ShouldBe("vid-nowhere");
        outcome.Output.Count.ShouldBe(2);
    }

    [Fact]
    public void An_empty_pipeline_sends_no_request()
    {
        _shell.Run("@() | Get-ChuiziVideo").ShouldBeClean().Output.ShouldBeEmpty();
        _shell.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void The_legacy_response_shape_is_understood()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.Zero, Shape = SandboxResultShape.Legacy, Balance = 10 });
        Outcome outcome = shell.Run("New-ChuiziVideo 'p' | Get-ChuiziVideo").ShouldBeClean();

        outcome.Texts("Status").ShouldBe(["succeeded"]);
        outcome.Values("Url").Single().ShouldNotBeNull();
    }

    [Fact]
    public void Verbose_writes_one_line_per_request()
    {
        Outcome outcome = _shell.Run("New-ChuiziVideo 'p' | Get-ChuiziVideo -Verbose").ShouldBeClean();

        outcome.Verbose.Count(line => line.StartsWith("GET /videos/", StringComparison.Ordinal)).ShouldBe(1);
        outcome.Verbose.ShouldContain(line =>
            line.Contains(": 200 in ", StringComparison.Ordinal) && line.Contains("attempt 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Verdict_lists_the_videos_with_that_decision()
    {
        _shell.Run("$v = 'a', 'b', 'c', 'd' | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 1").ShouldBeClean();
        _shell.Run("$v[0], $v[3] | Set-ChuiziVideo -Verdict Kept; $v[1], $v[3] | Set-ChuiziVideo -Verdict Rejected").ShouldBeClean();

        Listed("-Verdict Kept").ShouldBe(["a"]);
        Listed("-Verdict rejected").ShouldBe(["d", "b"]);
        Listed("-Verdict None").ShouldBe(["c"]);
        Listed("-Verdict Kept, None").ShouldBe(["c", "a"]);
        Listed("-Verdict Rejected -Status processing -First 1").ShouldBe(["d"]);
    }

    [Fact]
    public void Tag_lists_the_videos_whose_row_has_all_these_columns()
    {
        _shell.Run("'a', 'b', 'c', 'd' | New-ChuiziVideo -Ledger run.jsonl -ThrottleLimit 1").ShouldBeClean();
        string path = Path.Combine(_shell.Folder, "run.jsonl");
        string text = File.ReadAllText(path);
        foreach ((string prompt, string columns) in new[]
        {
            ("a", """{"Project":"Spring","Scene":"1"}"""),
            ("b", """{"project":"spring [v2]","Scene":"2"}"""),
            ("c", """{"Project":"Autumn","Scene":"1","Empty":""}"""),
        })
        {
            string columnless = $"\"prompt\":\"{prompt}\"";
            text = text.Replace(columnless, $"{columnless},\"columns\":{columns}", StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);

        Listed("-Tag @{ Project = 'Spring' }").ShouldBe(["a"]);
        Listed("-Tag @{ PROJECT = 'spring*' }").ShouldBe(["b", "a"]);
        Listed("-Tag ([ordered]@{ Project = '*'; Scene = 1 })").ShouldBe(["c", "a"]);
        Listed("-Tag @{ Project = 'autumn', 'spring' }").ShouldBe(["c", "a"]);
        Listed("-Tag @{ Project = 'spring `[v2`]' }").ShouldBe(["b"]);
        Listed("-Tag @{ Empty = '' }").ShouldBe(["c"]);
        Listed("-Tag @{ Nothing = '*' }").ShouldBeEmpty();
        Listed("-Tag @{}").ShouldBe(["d", "c", "b", "a"]);
    }

    private IReadOnlyList<string?> Listed(string parameters) =>
        _shell.Run($"Get-ChuiziVideo -Ledger run.jsonl {parameters}").ShouldBeClean().Texts("Prompt");
}
