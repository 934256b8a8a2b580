using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Sandbox;

namespace Chuizi.Video.Benchmarks;

/// <summary>A sandbox in a process of its own, so that no client shares its memory or pays for it: this program, started again.</summary>
internal sealed class SandboxProcess : IDisposable
{
    /// <summary>The argument that makes this program serve.</summary>
    public const string Argument = "serve";

    private readonly Process _process;

    /// <summary>Starts one whose videos have that padding in bytes, and come after that latency.</summary>
    public SandboxProcess(long padding, TimeSpan mediaLatency)
    {
        string program = Environment.ProcessPath!;
        List<string> arguments =
        [
            Argument, padding.ToString(CultureInfo.InvariantCulture), mediaLatency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
        ];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            arguments.Insert(0, Environment.GetCommandLineArgs()[0]);
        }

        _process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string[] words = _process.StandardOutput.ReadLine()?.Split(' ') ?? [];
        if (words.Length != 2)
        {
            Dispose();
            throw new InvalidOperationException("The sandbox's process did not start.");
        }

        BaseAddress = new Uri(words[0]);
        ApiKey = words[1];
    }

    /// <summary>The API's address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The only key accepted.</summary>
    public string ApiKey { get; }

    /// <summary>The other side: serves until the input ends, which it does as well when whoever started it is killed.</summary>
    public static void Serve(string padding, string latency)
    {
        using SandboxServer sandbox = SandboxServer.Start(new SandboxOptions
        {
            GenerationTime = TimeSpan.Zero,
            Balance = 1_000_000,
            VideoPadding = long.Parse(padding, CultureInfo.InvariantCulture),
            MediaLatency = TimeSpan.FromMilliseconds(double.Parse(latency, CultureInfo.InvariantCulture)),
        });
        Console.WriteLine($"{sandbox.BaseAddress} {sandbox.ApiKey}");
        _ = Console.In.ReadToEnd();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
