using System.Diagnostics;
using Chuizi.Video.Tests.Support;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>Runs tests/LedgerWriter in its own process.</summary>
internal sealed class LedgerProcess : IAsyncDisposable
{
    // Longer than any run needs; only a hang reaches it.
    private readonly Process _process;
    private readonly Task<string> _errors;

    private LedgerProcess(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "LedgerWriter.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // After each test, Stryker waits until every process has reported its coverage, which a killed one never does.
        start.Environment.Remove("STRYKER_COVERAGE_FILE");
        start.Environment.Remove("STRYKER_COVERAGE_EPOCH_FILE");
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a process that will claim all rows.</summary>
    public static LedgerProcess Claim(string ledger, int rows, int atOnce) => new("claim", ledger, Records.Api, $"{rows}", $"{atOnce}");

    /// <summary>Starts a process that claims the first row, and keeps running.</summary>
    public static LedgerProcess Hold(string ledger) => new("hold", ledger, Records.Api);

    /// <summary>Starts a process that takes tickets from the request window in a folder, and keeps running.</summary>
    public static LedgerProcess Request(string folder, string identity, int limit, int count) =>
        new("request", folder, identity, $"{limit}", $"{count}");

    /// <summary>Starts a process that locks the file of the request window in a folder, and keeps running.</summary>
    public static LedgerProcess Lock(string folder, string identity) => new("lock", folder, identity);

    /// <summary>Reads the next line of its output.</summary>
    public async Task<string> SayAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Patience)
        ?? throw new InvalidOperationException($"It ended: {await _errors}");

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>Returns the rest of its output after a successful end.</summary>
    public async Task<string[]> EndAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Eventually.Patience);
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return _process.ExitCode == 0
            ? rest.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException(await _errors);
    }

    /// <summary>Kills the process at once, as kill -9 does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
