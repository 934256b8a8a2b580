using System.Diagnostics;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>tests/LedgerWriter in a process of its own.</summary>
internal sealed class LedgerProcess : IAsyncDisposable
{
    // Patience is for a defect; nothing that works comes near it.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

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
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>One that is about to claim all rows.</summary>
    public static LedgerProcess Claim(string ledger, int rows, int atOnce) => new("claim", ledger, Records.Api, $"{rows}", $"{atOnce}");

    /// <summary>One that has claimed the first row, and stays.</summary>
    public static LedgerProcess Hold(string ledger) => new("hold", ledger, Records.Api);

    /// <summary>The next line that it writes.</summary>
    public async Task<string> SayAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(s_patience)
        ?? throw new InvalidOperationException($"It ended: {await _errors}");

    public void Go() => _process.StandardInput.WriteLine();

    /// <summary>The rest of what it writes, once it has ended well.</summary>
    public async Task<string[]> EndAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode == 0
            ? rest.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException(await _errors);
    }

    /// <summary>Ends it as kill -9 does: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(s_patience);
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
