using CsCheck;

namespace Chuizi.Video.Module.Tests.BadInput;

/// <summary>Text from servers and ledgers is shown without control characters, so it cannot control the terminal.</summary>
public sealed class TerminalTests : IDisposable
{
    private const string Hostile = "no\u001b[2J\u001b]0;owned\u0007\u009b31m\rgone\b\u007f";

    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    public static TheoryData<string> Commands =>
        [
            "New-ChuiziVideo a -Verbose -Debug",
            "'a', 'b' | New-ChuiziVideo | Wait-ChuiziVideo -Summary",
            "New-ChuiziVideo a | Wait-ChuiziVideo -PollInterval 0.01 -Verbose -Debug",
            "Get-ChuiziVideo -Id vid-1",
            "Get-ChuiziVideoAccount",
            "Get-ChuiziVideoModel -Online",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_error_from_the_server_cannot_control_the_terminal(string command)
    {
        bool isOfPoll = command.Contains("Wait", StringComparison.Ordinal) && !command.Contains("-Summary", StringComparison.Ordinal);
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status, Status = 400, Message = Hostile, Code = Hostile, Skip = isOfPoll ? 1 : 0, Times = 5,
            });
        Outcome outcome = _shell.Run(command);

        (outcome.Errors.Count + (outcome.Thrown is null ? 0 : 1) + outcome.Output.Count).ShouldBePositive();
        ShouldBePlain(outcome);
        foreach (ErrorRecord error in outcome.Errors.Concat([outcome.Terminating]).OfType<ErrorRecord>())
        {
            error.ToString().ShouldContain("no [2J");
        }
    }

    [Fact]
    public void An_unknown_status_cannot_control_the_terminal()
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord, Word = Hostile, Times = 1 });
        Outcome outcome = _shell.Run("New-ChuiziVideo a | Wait-ChuiziVideo -PollInterval 0.01");

        outcome.Warnings.ShouldHaveSingleItem().ShouldContain("no [2J");
        ShouldBePlain(outcome);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void A_foreign_ledger_cannot_control_the_terminal()
    {
        string text = System.Text.Json.JsonSerializer.Serialize(Hostile)[1..^1];
        File.WriteAllText(
            Path.Combine(_shell.Folder, "run.jsonl"),
            $$"""
            {"step":"intent","entry":"e-1","key":"k","origin":"{{_shell.Server.BaseAddress.GetLeftPart(
                UriPartial.Authority
            )}}","at":"2026-01-02T12:00:00Z","v":1,"model":"{{text}}","prompt":"{{text}}","aspect_ratio":"{{text}}","image":"{{text}}","reference_image":["{{text}}"],"source_video":"{{text}}"}
            {"step":"submitted","entry":"e-1","id":"vid-1","origin":"{{_shell.Server.BaseAddress.GetLeftPart(
                UriPartial.Authority
            )}}","at":"2026-01-02T12:00:01Z","v":1,"request_id":"{{text}}"}
            {"step":"settled","id":"vid-1","origin":"{{_shell.Server.BaseAddress.GetLeftPart(
                UriPartial.Authority
            )}}","at":"2026-01-02T12:00:02Z","v":1,"status":"failed","url":"https://a.example/%1b[2J","error":{"message":"{{text}}","type":"{{text}}","code":"{{text}}"} }
            {"step":"{{text}}","entry":"e-1"}
            {{Hostile.Replace("\r", "", StringComparison.Ordinal)}}

            """);
        Outcome outcome = _shell.Run("$script:v = Get-ChuiziVideo -Ledger run.jsonl; $script:v");

        outcome.Output.ShouldHaveSingleItem();
        outcome.Warnings.Count.ShouldBe(2);
        ShouldBePlain(outcome);
        foreach (string view in (string[])["Format-Table", "Format-List"])
        {
            string shown = Shown($"Get-ChuiziVideo -Ledger '{Path.Combine(_shell.Folder, "run.jsonl")}' -WarningAction Ignore | {view}");
            shown.ShouldContain("no [2J");
            shown.ShouldAllBe(letter => letter == '\n' || !char.IsControl(letter));
        }

        Outcome waited = _shell.Run("$script:v | Wait-ChuiziVideo");
        ShouldBePlain(waited);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void No_FileName_is_saved_outside_the_destination() =>
        Gen.OneOf(
                "../x",
                "..\\x",
                "/etc/x",
                "C:\\x",
                "\\\\server\\share\\x",
                "~/x",
                "a\0b",
                "a\nb",
                "con",
                "nul.mp4",
                "COM1",
                "...",
                "\u202ex",
                "\ud800x",
                "\u001b[2J",
                "$HOME/x",
                "`x",
                "[x]",
                "*",
                "?",
                ":",
                "x:y",
                "x.mp4/../../y",
                "file:///x",
                "env:x",
                "%2e%2e%2f",
                "\uff0e\uff0e\uff0fx",
                new string('x', 10_000),
                new string('視', 500))
            .Array[1, 3]
            .Select(string.Concat)
            .Try(
                name =>
                {
                    string folder = Path.Combine(_shell.Folder, "videos");
                    string[] before = [.. Directory.EnumerateFileSystemEntries(_shell.Folder)];
                    Outcome outcome = _shell
                        .Run(
                            "param($name) New-ChuiziVideo a | Wait-ChuiziVideo | Save-ChuiziVideo -Destination videos -FileName $name -Force",
                            ("name", name));
                    if (outcome.Errors.Count > 0)
                    {
                        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("InvalidFileName,");
                        return;
                    }

                    string path = (string)outcome.ShouldBeClean().Values("Path").Single()!;
                    Path.GetFullPath(path).ShouldStartWith(folder + Path.DirectorySeparatorChar);
                    File.Exists(path).ShouldBeTrue();
                    Directory.EnumerateFileSystemEntries(_shell.Folder).Where(entry => entry != folder)
                        .ShouldBe(before.Where(entry => entry != folder), ignoreOrder: true);
                },
            25);

    private static string Shown(string script)
    {
        RecordingHost host = new(160);
        using Shell shell = new(connect: false, host: host);
        shell.RunAtPrompt(script).ShouldBeClean();
        return host.Text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static void ShouldBePlain(Outcome outcome)
    {
        string[] all =
        [
            .. outcome.Errors.Concat([outcome.Terminating]).OfType<ErrorRecord>()
                .SelectMany(error => new[] { error.ToString(), error.Exception.Message, error.ErrorDetails?.Message ?? "" }),
            .. outcome.Warnings,
            .. outcome.Verbose,
            .. outcome.Debug,
            .. outcome.Progress.Select(progress => progress.Activity + progress.StatusDescription),
            .. outcome.Information.Select(line => line.ToString()),
            .. outcome.Output.Select(item => item.BaseObject).OfType<VideoSummary>()
                .SelectMany(summary => summary.Problems.Select(failure => failure.ToString()!)),
        ];
        all.ShouldAllBe(text => text.All(letter => !char.IsControl(letter) || letter == '\n' || letter == '\t'));
    }
}
