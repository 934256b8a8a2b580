namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Every example of the documents does what it says: all are resolved, and all that need no real key are run.</summary>
public sealed class ExampleTests : IDisposable
{
    /// <summary>Polls come fast here; the examples have the times of the real API.</summary>
    private const string Hurry = """
        $PSModuleAutoLoadingPreference = 'None'
        $PSDefaultParameterValues = @{ 'Start-ChuiziVideoSandbox:GenerationTime' = 0; 'Wait-ChuiziVideo:PollInterval' = 0.05 }
        """;

    private static readonly Lazy<IReadOnlySet<string>> s_engine = new(EngineCommands);

    private readonly NoEnvironment _environment = new();

    public static TheoryData<string> Names => DocFile.Names;

    public void Dispose() => _environment.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_block_parses_and_calls_cmdlets_and_parameters_that_exist(string document)
    {
        using Shell shell = new(connect: false);
        Dictionary<string, CmdletInfo> module = shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output
            .Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);
        foreach (DocBlock block in DocFile.Of(document).Blocks.Where(block => block.Language == "powershell"))
        {
            ScriptCommands commands = new(block.Text);
            commands.Mistakes.ShouldBeEmpty(block.ToString());
            commands.Unknown(module).ShouldBeEmpty(block.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_bare_engine_can_run_runs_there(string document)
    {
        foreach (DocSession session in Runnable(DocFile.Of(document).Sessions).Where(InEngine))
        {
            using Shell shell = new();
            ReaderFolder.Fill(shell.Folder, withModule: false);
            shell.Run(Hurry).ShouldBeClean();
            foreach (DocBlock block in session.Blocks)
            {
                if (block.Fault is { } fault)
                {
                    FaultKind kind = Enum.Parse<FaultKind>(fault.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
                    shell.Server.Faults.Add(new SandboxFault { Kind = kind, Route = SandboxRoute.Submit });
                }

                BlockResult.Of(shell.Run(block.TextFor(shell.Server))).ShouldBeAsTold(block);
            }

            shell.Server.Faults.Pending.ShouldBeEmpty(session.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_needs_all_of_PowerShell_runs_in_pwsh(string document)
    {
        DocSession[] sessions = [.. Runnable(DocFile.Of(document).Reading).Where(session => !InEngine(session))];
        DocBlock[] blocks = [.. sessions.SelectMany(session => session.Blocks)];
        if (blocks.Length == 0)
        {
            return;
        }

        Assert.SkipUnless(ChildProcess.Exist("pwsh"), $"{blocks.Length} examples of {document} need pwsh, which is not installed.");
        IReadOnlyList<BlockResult> results = PwshRun.Of(sessions);

        results.Count.ShouldBe(blocks.Length);
        foreach ((DocBlock block, BlockResult result) in blocks.Zip(results))
        {
            result.ShouldBeAsTold(block);
        }
    }

    private static IEnumerable<DocSession> Runnable(IEnumerable<DocSession> sessions) => sessions
        .Select(session => session with { Blocks = [.. session.Blocks.Where(block => block.Language == "powershell" && block.IsRun)] })
        .Where(session => session.Blocks.Count > 0);

    private static bool InEngine(DocSession session) =>
        session is { StartsFromNothing: false, NeedsWhatCameBefore: false } && session.Blocks.All(block => new ScriptCommands(block.Text).Names.All(s_engine.Value.Contains));

    private static HashSet<string> EngineCommands()
    {
        using Shell shell = new(connect: false);
        return new(shell.Run("$PSModuleAutoLoadingPreference = 'None'; (Get-Command).Name; (Get-Command -CommandType Alias).Name").ShouldBeClean().Output.Select(item => item.ToString()!), StringComparer.OrdinalIgnoreCase);
    }
}
