using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>A short fault campaign in a separate process, and proof that it can fail. <c>./build.sh soak</c> runs a long one.</summary>
[Trait("Speed", "Slow")]
public sealed class SoakTests : IDisposable
{
    private const string Seed = "2";

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-soak-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_short_campaign_injects_faults_at_every_stage_and_every_promise_holds()
    {
        string report = Path.Combine(_folder, "report.json");

        ChildResult run = Run("--batches", "8", "--seed", Seed, "--report", report);

        run.ExitCode.ShouldBe(0, run.Text);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(report));
        string[] faults = [.. document.RootElement.GetProperty("faults injected").EnumerateObject().Select(fault => fault.Name)];
        foreach (string route in (string[])["Submit", "Poll", "Media"])
        {
            faults.ShouldContain(fault => fault.EndsWith($" on {route}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_broken_promise_fails_the_campaign_and_the_command_to_repeat_it_is_shown()
    {
        ChildResult run = Run("--batches", "1", "--seed", Seed, "--sabotage", "TellKey");

        run.ExitCode.ShouldBe(1, run.Text);
        run.Output.ShouldContain("VIOLATION A stream tells the key");
        run.Output.ShouldContain("./build.sh soak --only ");
    }

    [Fact]
    public void Every_promise_that_is_broken_on_purpose_is_noticed()
    {
        ChildResult run = Run("--prove", "--seed", Seed);

        run.ExitCode.ShouldBe(0, run.Text);
        run.Output.Split('\n').Count(line => line.Contains(": noticed: ", StringComparison.Ordinal)).ShouldBeGreaterThan(12);
        run.Output.ShouldNotContain("NOT NOTICED");
    }

    private static ChildResult Run(params string[] arguments) =>
        ChildProcess.Run(
            [
                PowerShellExecutable.DotNet,
                Repository.PathOf("tests", "Soak", "bin", Repository.Configuration, "net10.0", "Soak.dll"),
                .. arguments,
                // However slow the machine is, the number of batches ends the campaign.
                "--minutes",
                "1000",
            ],
            Repository.Root);
}
