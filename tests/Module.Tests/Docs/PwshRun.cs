using System.Text.Json;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>Runs sessions in a real pwsh, one process for all, against a sandbox of this process.</summary>
internal static class PwshRun
{
    private const int TooOld = 74;

    public static IReadOnlyList<BlockResult> Of(IReadOnlyList<DocSession> sessions)
    {
        using SandboxServer server = SandboxServer.Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, Balance = 1000 });
        string folder = Directory.CreateTempSubdirectory("chuizi-docs-").FullName;
        try
        {
            string plan = Path.Combine(folder, "plan.json");
            string result = Path.Combine(folder, "result.json");
            File.WriteAllText(plan, JsonSerializer.Serialize(new
            {
                Repository.Module,
                Key = server.ApiKey,
                Address = server.BaseAddress.ToString(),
                Sessions = sessions.Select((session, index) => new
                {
                    Folder = MakeFolder(folder, index, session),
                    session.StartsFromNothing,
                    Blocks = session.Blocks.Select(block => block.TextFor(server)),
                }),
            }));
            (int code, string output, string errors) = ChildProcess.Run(
                "pwsh", folder, "-NoProfile", "-NonInteractive", "-File", Repository.PathOf("tests", "Module.Tests", "Docs", "Invoke-DocSession.ps1"), plan, result);
            Assert.SkipWhen(code == TooOld, "The pwsh here is older than 7.4.");
            code.ShouldBe(0, output + errors);
            return JsonSerializer.Deserialize<BlockResult[]>(File.ReadAllText(result))!;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string MakeFolder(string root, int index, DocSession session)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, $"session-{index}")).FullName;
        ReaderFolder.Fill(folder, session.StartsFromNothing);
        return folder;
    }
}
