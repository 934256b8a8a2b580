using System.Diagnostics;
using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>A short fault campaign, in a process of its own; and that it can fail. The long one is <c>./build.sh soak</c>.</summary>
public sealed class SoakTests : IDisposable
{
    private const string Seed = "2";

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-soak-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_short_campaign_injects_faults_at_every_stage_and_every_promise_holds()
    {
        string report = Path.Combine(_folder, "report.json");

        (int code, string output) = Run("--batches", "30", "--minutes", "0.6", "--seed", Seed, "--report", report);

        code.ShouldBe(0, output);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(report));
        string[] faults = [.. document.RootElement.GetProperty("faults injected").EnumerateObject().Select(fault => fault.Name)];
        foreach (string route in (string[])["Submit", "Poll", "Media"])
        {
            faults.ShouldContain(fault => fault.EndsWith($" on {route}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("PayTwice", "Paid twice")]
    [InlineData("HalveFile", "Half a file")]
    [InlineData("HideErrors", "Unreported")]
    [InlineData("TellKey", "A stream tells the key")]
    public void A_promise_that_is_broken_fails_the_campaign_and_the_seed_is_told(string sabotage, string violation)
    {
        (int code, string output) = Run("--batches", "5", "--minutes", "1", "--seed", Seed, "--sabotage", sabotage);

        code.ShouldBe(1, output);
        output.ShouldContain($"VIOLATION {violation}");
        output.ShouldContain("./build.sh soak --only ");
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        string program = Repository.PathOf("tests", "Soak", "bin", Configuration, "net10.0", "Soak.dll");
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>Debug or Release: as these tests were built.</summary>
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
