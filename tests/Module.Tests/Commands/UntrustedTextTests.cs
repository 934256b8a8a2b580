using System.Management.Automation.Language;
using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Commands;

/// <summary>Untrusted texts from rows, ledgers and servers.</summary>
public sealed class UntrustedTextTests : IDisposable
{
    private readonly NoEnvironment _environment = new();
    private readonly Shell _shell = new();

    public void Dispose()
    {
        _shell.Dispose();
        _environment.Dispose();
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Text_that_looks_like_code_is_sent_unchanged_and_never_run()
    {
        string[] texts =
        [
            "$($global:ran = 1)",
            "{ $global:ran = 1 }",
            "`$($global:ran = 1)",
            "'; $global:ran = 1; '",
            "@{Prompt=$($global:ran = 1)}",
        ];
        Outcome outcome = _shell
            .Run(
                """
                param($texts)
                $texts | ForEach-Object { [pscustomobject]@{ Prompt = $_; Model = 'google/veo-3.1-lite'; FileName = $_; Note = $_ } } |
                    New-ChuiziVideo -Ledger run.jsonl | Wait-ChuiziVideo -PollInterval 0.01 | Save-ChuiziVideo -Destination out -Sidecar
                """,
                ("texts", texts))
            .ShouldBeClean();

        _shell
            .Posts.Select(post => JsonDocument.Parse(post.Body!).RootElement.GetProperty("prompt").GetString())
            .ShouldBe(texts, ignoreOrder: true);
        outcome.Output.Count.ShouldBe(texts.Length);
        _shell.Run("Export-ChuiziVideoGallery page -Ledger run.jsonl").ShouldBeClean();
        _shell.Run("$null -eq $global:ran").Output.Single().BaseObject.ShouldBe(true);
    }

    [Fact]
    public void A_row_cannot_name_a_file_outside_the_destination()
    {
        string[] names =
        [
            "../up",
            @"..\up",
            "/tmp/root",
            @"C:\root",
            @"\\host\share\a",
            "a/../../up",
            "..",
            ".",
            "~",
            "a:stream",
            "nul.mp4",
            "a\0b",
            "a\r\nb",
            "\u202Egnp",
            "x. . .",
        ];
        Outcome outcome = _shell
            .Run(
                """
                param($names)
                $names | ForEach-Object { [pscustomobject]@{ Prompt = 'a'; FileName = $_ } } | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.01 | Save-ChuiziVideo -Destination out
                """,
                ("names", names))
            .ShouldBeClean();

        string folder = Path.Combine(_shell.Folder, "out");
        outcome.Texts("Path").Select(path => Path.GetDirectoryName(path)).ShouldAllBe(parent => parent == folder);
        Directory
            .GetFiles(_shell.Folder, "*", SearchOption.AllDirectories)
            .ShouldBe(outcome.Texts("Path").OfType<string>(), ignoreOrder: true);
        outcome.Output.Count.ShouldBe(names.Length);
    }

    [Fact]
    public void An_address_of_this_machine_is_not_fetched_for_a_remote_API()
    {
        using Shell shell = new(connect: false);
        Environment.SetEnvironmentVariable("CHUIZI_API_KEY", "ck-" + new string('a', 32));
        foreach (string? api in new[] { "https://api.chuizi.invalid", null })
        {
            Environment.SetEnvironmentVariable("CHUIZI_BASE_URL", api);
            Outcome outcome = shell.Run(
                "param($url) [Chuizi.Video.Video]@{ Id = 'vid-1'; Status = 'succeeded'; Url = $url } | Save-ChuiziVideo",
                ("url", new Uri(shell.Server.MediaAddress, "/videos/vid-1.mp4")));

            outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("UnsafeAddress,");
        }

        shell.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("vid-1;Remove-Item")]
    [InlineData("$(Remove-Item)")]
    [InlineData("a'|iex;'")]
    [InlineData("a\u2019;iex;\u2018")]
    [InlineData("-Force")]
    [InlineData("a b")]
    [InlineData("vid-1")]
    public void An_id_is_one_argument_of_the_command_that_an_error_recommends(string id)
    {
        _shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 400, Route = SandboxRoute.Media });
        Outcome outcome = _shell.Run(
            "param($id, $url) [Chuizi.Video.Video]@{ Id = $id; Status = 'succeeded'; Url = $url } | Save-ChuiziVideo",
            ("id", id),
            ("url", new Uri(_shell.Server.MediaAddress, "/videos/vid-1.mp4")));

        outcome.TheError.FullyQualifiedErrorId.ShouldStartWith("DownloadFailed,");
        ShouldBeArgument(outcome.TheError.ErrorDetails.RecommendedAction, [id]);
    }

    /// <summary>Fails unless the text ends in a command with exactly these ids.</summary>
    private static void ShouldBeArgument(string action, string[] ids)
    {
        ScriptBlockAst script = Parser.ParseInput(
            action[action.IndexOf("Save-ChuiziVideo", StringComparison.Ordinal)..],
            out _,
            out ParseError[] errors);
        errors.ShouldBeEmpty();
        CommandAst command = script
            .EndBlock.Statements.Single()
            .ShouldBeOfType<PipelineAst>()
            .PipelineElements.Single()
            .ShouldBeOfType<CommandAst>();
        command.CommandElements.Skip(2).Select(element => element.ShouldBeOfType<StringConstantExpressionAst>().Value).ShouldBe(ids);
    }
}
