using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Structure;

/// <summary>What the workflows may run, read and change.</summary>
public sealed partial class WorkflowTests
{
    /// <summary>The names of the files in .github/workflows.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Repository.PathOf(".github", "workflows")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Actions_are_from_GitHub_and_pinned_by_commit(string name)
    {
        foreach (string action in Action().Matches(TextOf(name)).Select(match => match.Groups["it"].Value))
        {
            PinnedAction().IsMatch(action).ShouldBeTrue(action);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Checkouts_keep_no_credentials(string name)
    {
        foreach (string rest in TextOf(name).Split("uses: actions/checkout@").Skip(1))
        {
            StepEnd().Split(rest, 2)[0].ShouldContain("persist-credentials: false");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pull_request_gets_a_read_only_token_and_no_secret(string name)
    {
        string text = TextOf(name);
        text.ShouldNotContain("pull_request_target");
        text.ShouldNotContain("workflow_run");
        text.ShouldContain("\npermissions:\n  contents: read\n\n", Case.Sensitive, "a job that needs more says so itself");
        if (text.Contains("\n  pull_request:", StringComparison.Ordinal))
        {
            text.ShouldNotContain("secrets", Case.Insensitive);
            // CodeQL uploads its findings. GitHub does not grant even this permission to a fork.
            text.Replace("security-events: write", "", StringComparison.Ordinal).ShouldNotContain(": write");
        }
    }

    [Fact]
    public void Only_the_job_behind_the_protected_environment_uses_a_secret()
    {
        string[] jobs = JobStart().Split(TextOf("release.yml"));

        string job = jobs.Where(job => job.Contains("secrets", StringComparison.OrdinalIgnoreCase)).ShouldHaveSingleItem();
        job.ShouldContain("\n    environment: gallery\n");
        job.ShouldContain("\n    permissions: {}\n");
        job.ShouldNotContain("actions/checkout@", Case.Sensitive, "it runs nothing from the repository");
    }

    private static string TextOf(string name) => File.ReadAllText(Repository.PathOf(".github", "workflows", name)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^ *(- )?uses: (?<it>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Action();

    [GeneratedRegex(
        @"^((actions|github/codeql-action)/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/[a-z-]+\.yml)$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PinnedAction();

    [GeneratedRegex(@"^ +- ", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex StepEnd();

    [GeneratedRegex(@"^(?=  [a-z-]+:$)", RegexOptions.Multiline, 1000)]
    private static partial Regex JobStart();
}
