using System.Net;
using System.Net.Sockets;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>The sandbox program in its own process.</summary>
[Trait("Speed", "Slow")]
public sealed class StandaloneTests
{
    private static readonly string s_program = Path.ChangeExtension(typeof(SandboxServer).Assembly.Location, ".dll");

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task It_serves_until_a_signal_ends_it(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using ChildProcess process = ChildProcess.Start([PowerShellExecutable.DotNet, s_program, "--port", "0"], Path.GetTempPath());
        string line;
        do
        {
            line = process.ReadLine().ShouldNotBeNull();
        }
        while (!line.Contains("base address", StringComparison.Ordinal));
        var address = new Uri(line.Split(' ')[^1] + "/key/info");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", SandboxServer.DefaultApiKey);
        (await http.GetStringAsync(address)).ShouldContain("\"balance\":\"100.00000000\"");

        process.Signal(signal);
        ChildResult result = process.WaitForEnd();

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("GET /v1/key/info -> 200");
        result
            .Output.Split('\n')
            .Where(logged => logged.Contains("->", StringComparison.Ordinal))
            .ShouldAllBe(logged => !logged.Contains("ck-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invalid_arguments_print_one_line_and_exit_with_code_2()
    {
        (int code, string output, string errors) = await ExternalTool.RunAsync("dotnet", s_program, "--port", "many");
        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.Trim().ShouldBe("--port does not take 'many'.");
    }

    [Fact]
    public async Task Help_is_printed_without_starting_the_server()
    {
        (int code, string output, _) = await ExternalTool.RunAsync("dotnet", s_program, "--help");
        code.ShouldBe(0);
        output.ShouldContain("--generation-time");
    }

    [Fact]
    public async Task A_port_in_use_is_reported()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (int code, _, string errors) = await ExternalTool.RunAsync("dotnet", s_program, "--port", port);
        code.ShouldBe(1);
        errors.ShouldContain(port);
        errors.ShouldContain("--port");
        errors.Trim().ShouldNotContain("\n");
    }
}
