namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// The examples of the documents do what they say: all are resolved, and all that need no real key are run in PowerShell.
/// </summary>
public sealed class ExampleTests(DocReader reader) : IClassFixture<DocReader>
{
    public static TheoryData<string> Names => DocFile.Names;

    public static TheoryData<string> Runnable =>
        [.. DocFile.All.Where(file => file.Name != "README.md" && Sessions(file).Any()).Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_parses_and_calls_cmdlets_and_parameters_that_exist(string document)
    {
        using Shell shell = new(connect: false);
        Dictionary<string, CmdletInfo> module = shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output
            .Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);
        foreach (DocBlock block in DocFile.Of(document).Blocks.Where(block => block.Language == "powershell"))
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
    public void Every_example_that_needs_no_real_key_runs_with_the_errors_that_it_shows(string document)
    {
        foreach (DocSession session in Sessions(DocFile.Of(document)))
        {
            reader.Run(session);
        }
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public void The_README_runs_from_start_to_end_and_saves_the_videos_that_it_promises()
    {
        DocSession session = Sessions(DocFile.Of("README.md")).ShouldHaveSingleItem();

        string folder = reader.Run(session);

        Directory
            .GetFiles(Path.Combine(folder, "videos"), "*.mp4")
            .Select(Path.GetFileName)
            .ShouldBe(["boat.mp4", "kite.mp4"], ignoreOrder: true);
    }

    private static IEnumerable<DocSession> Sessions(DocFile file) => file.Reading
        .Select(session => session with { Blocks = [.. session.Blocks.Where(block => block.Language == "powershell" && block.IsRun)] })
        .Where(session => session.Blocks.Count > 0);
}
