using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Runs the guides' curl calls with bash against the standalone sandbox. Only host and key are replaced.</summary>
[Trait("Speed", "Slow")]
public sealed partial class CurlTests
{
    private const string Key = "ck-CurlTests00000000000000000000000";

    /// <summary>Writes the status of each call to the error stream, which $(...) does not capture.</summary>
    private const string Watch = """
        curl() { command curl -w '%{stderr}STATUS %{http_code}\n' "$@"; }
        sleep() { echo 'STATUS slept' >&2; exit 1; }
        """;

    private static readonly string s_sandbox = Path.ChangeExtension(typeof(SandboxServer).Assembly.Location, ".dll");

    public static TheoryData<string> Guides => [.. DocFile.All.Where(file => Blocks(file).Length > 0).Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Guides))]
    public void Every_call_returns_the_documented_status(string document)
    {
        DocBlock[] blocks = Blocks(DocFile.Of(document));
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A bash on Windows is another machine.");
        Assert.SkipUnless(
            ChildProcess.IsOnPath("bash", "curl"),
            $"{blocks.Length} curl examples of {document} need bash and curl, which are not both installed.");
        string folder = Directory.CreateTempSubdirectory("chuizi-docs-").FullName;
        using ChildProcess sandbox = ChildProcess.Start(
            [PowerShellExecutable.DotNet, s_sandbox, "--port", "0", "--generation-time", "0", "--key", Key],
            folder);
        try
        {
            string address = ReadAddress(sandbox);
            ReaderFolder.Fill(folder, withModule: false);
            string script = string.Join('\n', [Watch, .. blocks.Select((block, index) => $"echo 'BLOCK {index}' >&2\n{block.Text}")])
                .Replace(DocBlock.StandaloneHost, address, StringComparison.Ordinal)
                .Replace(SandboxServer.DefaultApiKey, Key, StringComparison.Ordinal);
            ChildResult run = ChildProcess.Run(["bash", "-u", "-o", "pipefail", "-c", script], folder);

            run.ExitCode.ShouldBe(0, run.Text);
            string[] parts = run.Errors.Split("BLOCK ")[1..];
            parts.Length.ShouldBe(blocks.Length);
            for (int index = 0; index < blocks.Length; index++)
            {
                string[] statuses = [.. Status().Matches(parts[index]).Select(match => match.Groups["it"].Value)];
                statuses.ShouldNotBeEmpty(blocks[index].ToString());
                statuses
                    .Where(status => status != "200")
                    .ShouldBe(blocks[index].Statuses, ignoreOrder: false, $"{blocks[index]}: {run.Output}{parts[index]}");
            }
        }
        finally
        {
            sandbox.Kill();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DocBlock[] Blocks(DocFile file) =>
        [.. file.Blocks.Where(block => block.Language == "sh" && file.Text.Contains(DocBlock.StandaloneHost, StringComparison.Ordinal))];

    private static string ReadAddress(ChildProcess sandbox)
    {
        while (sandbox.ReadLine() is { } line)
        {
            if (line.Contains("base address", StringComparison.Ordinal))
            {
                return new Uri(line.Split(' ')[^1]).GetLeftPart(UriPartial.Authority);
            }
        }

        throw new InvalidOperationException($"The sandbox did not start: {sandbox.WaitForEnd().Text}");
    }

    [GeneratedRegex(@"STATUS (?<it>\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex Status();
}
