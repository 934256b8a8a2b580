using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>Which stream each message is written to.</summary>
public sealed partial class StreamTests : IDisposable
{
    private const string Whole = "'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.05 | Save-ChuiziVideo";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Verbose_writes_one_line_per_request_of_the_whole_pipeline()
    {
        Outcome outcome = _shell.Run("$VerbosePreference = 'Continue'; " + Whole).ShouldBeClean();

        string[] lines = [.. outcome.Verbose.Where(line => Request().IsMatch(line))];
        lines.Count(line => line.StartsWith("POST /videos/generations: ", StringComparison.Ordinal)).ShouldBe(2);
        lines.Count(line => line.StartsWith($"GET {_shell.Server.MediaAddress}videos/", StringComparison.Ordinal)).ShouldBe(2);
        lines.Length.ShouldBe(_shell.Requests.Count);
        _shell
            .Requests.Where(request => request.Route != SandboxRoute.Media)
            .ShouldAllBe(request => lines.Any(line => line.EndsWith("request " + request.RequestId, StringComparison.Ordinal)));
        outcome.Debug.ShouldBeEmpty();
    }

    [Fact]
    public void Verbose_numbers_the_attempts_of_a_repeated_request()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 503,
                Code = "provider_unavailable",
                Message = "later",
                Route = SandboxRoute.Submit,
            });
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' -Verbose").ShouldBeClean();

        outcome
            .Verbose.Where(line => Request().IsMatch(line))
            .Select(line => Request().Match(line))
            .Select(match => (match.Groups["status"].Value, match.Groups["attempt"].Value))
            .ShouldBe([("503", "1"), ("200", "2")]);
    }

    [Fact]
    public void Debug_adds_the_request_and_response_bodies()
    {
        string image = Path.Combine(_shell.Folder, "a.png");
        File.WriteAllBytes(image, Images.Png(640, 480));
        Outcome outcome = _shell
            .Run("New-ChuiziVideo 'a \"red\" kite' -Model bailian/happyhorse-1.0-i2v -Image a.png -Debug")
            .ShouldBeClean();

        outcome.Debug.Count.ShouldBe(3);
        Request().IsMatch(outcome.Debug[0]).ShouldBeTrue();
        outcome
            .Debug[1]
            .ShouldBe(
                $$"""POST /videos/generations, attempt 1, sent: {"model":"bailian/happyhorse-1.0-i2v","prompt":"a \"red\" kite","image":"data:image/png;base64,({{Images.Png(640, 480).Length:N0}} bytes of a.png)"}"""
            );
        outcome.Debug[2].ShouldStartWith("POST /videos/generations, attempt 1, received 200: {\"id\":\"" + _shell.Server.Jobs[0].Id);
        outcome.Verbose.ShouldBeEmpty("the engine would ask after each whether to go on");
    }

    [Trait("Speed", "Medium")]
    [Theory]
    [InlineData("")]
    [InlineData("$VerbosePreference = 'Continue'; ")]
    public void Debug_never_prompts_at_a_console(string before)
    {
        using Shell shell = new(host: new RecordingHost(80));

        shell.Run(before + "New-ChuiziVideo 'a' -Debug | Wait-ChuiziVideo -Debug").ShouldBeClean().Debug.Count.ShouldBe(5);
    }

    [Fact]
    public void A_hostile_response_is_shown_in_one_short_line_without_control_characters()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Message = "no\n\u001b[2J" + new string('x', 20_000),
                Route = SandboxRoute.Submit,
            });
        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' -Debug");

        outcome.Debug[^1].Length.ShouldBeLessThan(4200);
        outcome.Debug[^1].ShouldEndWith(" bytes in all)");
        outcome.Debug.ShouldAllBe(line => !line.Any(char.IsControl));
    }

    [Fact]
    public void Repeated_poll_failures_give_one_warning_whatever_their_text()
    {
        foreach (FaultKind kind in new[] { FaultKind.HtmlPage, FaultKind.MalformedJson, FaultKind.HtmlPage, FaultKind.MalformedJson })
        {
            _shell.Server.Faults.Add(new SandboxFault { Kind = kind, Status = 200, Route = SandboxRoute.Poll });
        }

        Outcome outcome = _shell.Run("New-ChuiziVideo 'a' | Wait-ChuiziVideo -PollInterval 0.01");

        outcome.Texts("Status").ShouldBe(["succeeded"]);
        outcome.Warnings.ShouldHaveSingleItem().ShouldStartWith("A poll failed and will be retried until the timeout: ");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Without_a_console_progress_is_a_line_every_30_seconds_instead_of_a_bar()
    {
        using Shell shell = new(new SandboxOptions { GenerationTime = TimeSpan.FromHours(1), Balance = 100 });
        HandClock clock = new();
        shell.SetClock(clock);
        using PowerShell running = shell.Begin(
            "$InformationPreference = 'SilentlyContinue'; 'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -InformationVariable told");
        IAsyncResult wait = running.BeginInvoke();
        Eventually.Is(() => shell.Server.Requests.Any(request => request.Route == SandboxRoute.Poll), "the waiting");
        for (int beat = 1; beat <= 3; beat++)
        {
            clock.Advance(TimeSpan.FromSeconds(29));
            long reads = clock.Reads;
            // The clock is read again only after the lines of the first reading are written.
            Eventually.Is(() => clock.Reads >= reads + 2, "two looks at the clock");
            Beats().Count.ShouldBe(beat - 1);
            clock.Advance(TimeSpan.FromSeconds(1));
            Eventually.Is(() => Beats().Count == beat, $"line {beat}");
        }

        running.Stop();
        InformationRecord line = Beats()[0];
        line.Tags.ShouldBe(["Chuizi.Video.Progress"]);
        line.MessageData.ToString()!.ShouldMatch(
            @"^\d\d:\d\d:\d\d UTC Waiting for videos: 0 %, 0 of 2 done, \d:\d\d elapsed, (next check in \d+ s|checking)$");
        running.Streams.Progress.ShouldBeEmpty();

        List<InformationRecord> Beats() => [.. running.Streams.Information.Where(line => line.Tags.Contains("Chuizi.Video.Progress"))];
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void In_a_console_progress_is_bars_without_lines()
    {
        using Shell shell = new(
            new SandboxOptions { GenerationTime = TimeSpan.FromSeconds(0.3), Balance = 100 },
            host: new RecordingHost(80));
        Outcome outcome = shell.Run(Whole).ShouldBeClean();

        outcome.Information.Select(line => line.ToString()!.Split(';')[0]).ShouldBe(["Submitted: 2 videos.", "2 videos: 2 saved"]);
        int[] shown =
        [
            .. outcome
                .Progress.Where(record => record.RecordType == ProgressRecordType.Processing)
                .Select(record => record.ActivityId)
                .Distinct(),
        ];
        shown.ShouldNotBeEmpty();
        outcome
            .Progress.Where(record => record.RecordType == ProgressRecordType.Completed)
            .Select(record => record.ActivityId)
            .ShouldBe(shown, ignoreOrder: true);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Common_variables_hold_what_their_streams_received()
    {
        Outcome outcome = _shell.Run("""
            $done = 'a', 'forbidden', 'c' | New-ChuiziVideo -OutVariable made -PipelineVariable video |
                Wait-ChuiziVideo -ErrorVariable wrong -ErrorAction SilentlyContinue -OutVariable ended |
                ForEach-Object { "$($video.GetType().Name) $($_.Status)" }
            $made.Count, $ended.Count, $wrong.Count, $wrong[0].FullyQualifiedErrorId, ($done -join '; ')
            """).ShouldBeClean();

        outcome.Output.Select(item => item.ToString()).ShouldBe(
            ["3", "3", "1", "GenerationFailed,Chuizi.Video.Module.Commands.WaitChuiziVideoCommand", outcome.Output[^1].ToString()]);
        outcome.Output[^1].ToString().Split("; ").Order().ShouldBe(["Video failed", "Video succeeded", "Video succeeded"]);
    }

    [Theory]
    [InlineData("$ErrorActionPreference = 'Stop'", "")]
    [InlineData("", " -ErrorAction Stop")]
    public void Under_Stop_the_first_error_ends_the_script_after_all_output(string before, string parameter)
    {
        Outcome outcome = _shell.Run(
            $"{before}; 'forbidden', 'b', 'c' | New-ChuiziVideo | Wait-ChuiziVideo{parameter} -OutVariable all | ForEach-Object "
                + $"{{ $_.Status }}; 'never'");

        outcome.Terminating.ShouldNotBeNull().FullyQualifiedErrorId.ShouldStartWith("GenerationFailed,");
        outcome.Output.Select(item => item.ToString()).Order().ShouldBe(["failed", "succeeded", "succeeded"]);
    }

    [Fact]
    public void ErrorAction_Ignore_leaves_no_trace()
    {
        Outcome outcome = _shell
            .Run(
                "$Error.Clear(); 'forbidden' | New-ChuiziVideo | Wait-ChuiziVideo -ErrorAction Ignore | Save-ChuiziVideo -ErrorAction "
                    + "Ignore; $Error.Count")
            .ShouldBeClean();

        outcome.Output[^1].BaseObject.ShouldBe(0);
    }

    [GeneratedRegex(
        @"^(GET|POST) \S+: (?<status>\d{3}) in \d+ ms, attempt (?<attempt>\d+)(, request \w+)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Request();
}
