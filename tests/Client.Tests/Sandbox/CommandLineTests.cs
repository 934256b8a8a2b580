using Chuizi.Video.Sandbox;
using Chuizi.Video.Sandbox.Faults;
using Chuizi.Video.Sandbox.Standalone;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_arguments_the_defaults_apply()
    {
        SandboxOptions options = Parse().Options;
        options.Port.ShouldBe(8080);
        options.MediaPort.ShouldBe(0);
        options.GenerationTime.ShouldBe(TimeSpan.FromSeconds(2));
        options.RequestsPerMinute.ShouldBeNull();
        options.ApiKey.ShouldBe(SandboxServer.DefaultApiKey);
        options.Balance.ShouldBe(100m);
    }

    [Fact]
    public void Every_option_is_read()
    {
        string key = "ck-" + new string('A', 32);
        SandboxOptions options = Parse(
            "--port",
            "0",
            "--media-port=81",
            "--generation-time",
            "0.5",
            "--requests-per-minute",
            "60",
            "--latency",
            "150",
            "--key",
            key,
            "--balance",
            "1.25"
        ).Options;
        options.Port.ShouldBe(0);
        options.MediaPort.ShouldBe(81);
        options.GenerationTime.ShouldBe(TimeSpan.FromSeconds(0.5));
        options.RequestsPerMinute.ShouldBe(60);
        options.Latency.ShouldBe(TimeSpan.FromMilliseconds(150));
        options.ApiKey.ShouldBe(key);
        options.Balance.ShouldBe(1.25m);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("8080")]
    [InlineData("--port")]
    [InlineData("--port", "http")]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--media-port", "1.5")]
    [InlineData("--generation-time", "-1")]
    [InlineData("--generation-time", "NaN")]
    [InlineData("--generation-time", "1e300")]
    [InlineData("--requests-per-minute", "0")]
    [InlineData("--latency", "Infinity")]
    [InlineData("--balance", "-5")]
    [InlineData("--key", "secret")]
    [InlineData("--key=ck-0000000000000000000000000000000")]
    public void An_error_is_one_line_that_names_the_argument(params string[] arguments)
    {
        CommandLine.Parse(arguments, _ => { }, out string problem).ShouldBeNull();
        problem.ShouldContain(arguments[0].Split('=')[0]);
        problem.ShouldNotContain("\n");
    }

    [Fact]
    public void Help_lists_every_option_and_fault()
    {
        Parse("--help").WantsHelp.ShouldBeTrue();
        foreach (
            string word in FaultHeader.KindNames.Concat([
                "--port",
                "--media-port",
                "--generation-time",
                "--requests-per-minute",
                "--latency",
                "--key",
                "--balance",
                "X-Sandbox-Fault",
            ]))
        {
            CommandLine.Help.ShouldContain(word);
        }
    }

    private static CommandLine Parse(params string[] arguments)
    {
        CommandLine? line = CommandLine.Parse(arguments, _ => { }, out string problem);
        problem.ShouldBeEmpty();
        return line.ShouldNotBeNull();
    }
}
