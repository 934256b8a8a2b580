using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Runs the examples of documents in one PowerShell process, against sandboxes in this process.</summary>
public sealed class DocReader : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNameCaseInsensitive = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-docs-").FullName;
    private readonly Lazy<ChildProcess> _process;
    private int _sessions;

    public DocReader() => _process = new(() => ChildProcess.StartScript(
        Repository.PathOf("tests", "Module.Tests", "Docs", "Invoke-DocSession.ps1"),
        [Repository.Module],
        _folder,
        start =>
        {
            // Examples use the default ledger, which must not be the user's.
            start.Environment.Remove("CHUIZI_LEDGER");
            start.Environment["XDG_STATE_HOME"] = start.Environment["LOCALAPPDATA"] = Path.Combine(_folder, "state");
        }));

    /// <summary>
    /// Runs the examples of a session in order and checks that each does what the document says. Returns the folder that they ran in.
    /// </summary>
    internal string Run(DocSession session)
    {
        using SandboxServer server = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1000 });
        string folder = Directory.CreateDirectory(Path.Combine(_folder, $"session-{++_sessions}")).FullName;
        ReaderFolder.Fill(folder, session.StartsFromNothing);
        Send(new { Folder = folder, session.StartsFromNothing, Key = server.ApiKey, Address = server.BaseAddress.ToString() });
        foreach (DocBlock block in session.Blocks)
        {
            if (block.Fault is { } fault)
            {
                FaultKind kind = Enum.Parse<FaultKind>(fault.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
                server.Faults.Add(new SandboxFault { Kind = kind, Route = SandboxRoute.Submit });
            }

            JsonSerializer.Deserialize<BlockResult>(Send(new { Code = block.TextFor(server) }), s_json)!.ShouldBeAsTold(block);
            server.Faults.Pending.ShouldBeEmpty(block.ToString());
        }

        return folder;
    }

    public void Dispose()
    {
        if (_process.IsValueCreated)
        {
            _process.Value.Input.Close();
            _process.Value.WaitForEnd();
            _process.Value.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string Send(object step)
    {
        ChildProcess process = _process.Value;
        process.Input.WriteLine(JsonSerializer.Serialize(step));
        process.Input.Flush();
        return process.ReadLine() ?? throw new InvalidOperationException($"PowerShell ended: {process.WaitForEnd().Text}");
    }
}
