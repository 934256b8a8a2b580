using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Structure;

/// <summary>What runs on a proposal of a stranger has nothing to take or to change.</summary>
public sealed partial class WorkflowTests
{
    [Fact]
    public void Continuous_integration_reads_alone_has_no_secret_and_runs_no_strangers_action()
    {
        string[] files = Directory.GetFiles(Repository.PathOf(".github", "workflows"));
        files.ShouldNotBeEmpty();
        foreach (string text in files.Select(File.ReadAllText).Select(text => text.ReplaceLineEndings("\n")))
        {
            Permissions().Matches(text).Select(match => match.Groups["it"].Value).ShouldBe(["contents: read"]);
            text.ShouldNotContain("secrets.", Case.Insensitive);
            text.ShouldNotContain("pull_request_target");
            Action().Matches(text).Select(match => match.Groups["it"].Value).ShouldAllBe(action => action.StartsWith("actions/", StringComparison.Ordinal));
            text.Split("uses: actions/checkout@").Skip(1).ShouldAllBe(step => step.Split("- ", 2)[0].Contains("persist-credentials: false", StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"permissions:\n? *(?<it>[^\n]*(\n +[a-z-]+: (read|write|none))*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Permissions();

    [GeneratedRegex(@"uses: (?<it>\S+)", RegexOptions.NonBacktracking)]
    private static partial Regex Action();
}
