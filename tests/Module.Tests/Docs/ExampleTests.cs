namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// The examples in the documents work: all commands and parameters exist, and every example without a real key runs in PowerShell.
/// </summary>
public sealed class ExampleTests(DocReader reader) : IClassFixture<DocReader>
{
    // The README has a test of its own, and tests/Pester/ScaleOut.Tests.ps1 runs each example of the guide to several processes.
    private static readonly string[] s_elsewhere = ["README.md", "docs/guides/scale-out.md"];

    public static TheoryData<string> Runnable =>
        [.. DocFile.All.Where(file => !s_elsewhere.Contains(file.Name) && Sessions(file).Any()).Select(file => file.Name)];

    [Trait("Speed", "Medium")]
    [Fact]
    public void Every_example_parses_and_calls_cmdlets_and_parameters_that_exist()
    {
        using Shell shell = new(connect: false);
        Dictionary<string, CmdletInfo> module = shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output
            .Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);
        foreach (DocBlock block in DocFile.All.SelectMany(file => file.Blocks).Where(block => block.Language == "powershell"))
        {
            ScriptCommands commands = new(block.Text);
            commands.Mistakes.ShouldBeEmpty(block.ToString());
            commands.Unknown(module).ShouldBeEmpty(block.ToString());
            foreach ((string name, string parameter) in commands.Calls)
            {
                shell
                    .Run(
                        "param($name, $parameter) $command = Get-Command $name -ErrorAction Ignore; if ($command) { $null = "
                            + "$command.ResolveParameter($parameter) }",
                        ("name", name),
                        ("parameter", parameter))
                    .Thrown?.Message.ShouldBeNull($"{block}: {name} -{parameter}");
            }
        }
    }

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(Runnable))]
    public void Every_example_without_a_real_key_runs_and_reports_only_the_documented_errors(string document)
    {
        foreach (DocSession session in Sessions(DocFile.Of(document)))
        {
            reader.Run(session);
        }
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public void The_README_runs_from_start_to_end_and_saves_the_promised_videos()
    {
        DocSession session = Sessions(DocFile.Of("README.md")).ShouldHaveSingleItem();

        string folder = reader.Run(session);

        Directory
            .GetFiles(Path.Combine(folder, "videos"), "*.mp4")
            .Select(Path.GetFileName)
            .Where(name => !name!.StartsWith("vid-", StringComparison.Ordinal))
            .ShouldBe(["boat.mp4", "kite.mp4"], ignoreOrder: true);
    }

    private static IEnumerable<DocSession> Sessions(DocFile file) => file.Reading
        .Select(session => session with { Blocks = [.. session.Blocks.Where(block => block.Language == "powershell" && block.IsRun)] })
        .Where(session => session.Blocks.Count > 0);
}
