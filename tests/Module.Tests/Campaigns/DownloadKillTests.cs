using System.Security.Cryptography;
using Chuizi.Video.Client.Ledger;

namespace Chuizi.Video.Module.Tests.Campaigns;

/// <summary>A process that is killed during downloads: the next run does not download the same bytes again.</summary>
[Trait("Speed", "Slow")]
public sealed class DownloadKillTests : IDisposable
{
    private const int Cut = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("chuizi-kill-").FullName;
    private readonly SandboxServer _server = SandboxServer.Start(
        new SandboxOptions { GenerationTime = TimeSpan.Zero, VideoPadding = 3_000_000 });

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_rerun_after_a_kill_resumes_downloads_where_they_stopped()
    {
        using ChildBatch batch = new(_server, _folder, 2);
        _server.Faults.Add(new SandboxFault { Kind = FaultKind.Stalled, Route = SandboxRoute.Media, At = Cut, Times = 2 });
        ChildProcess process = batch.Start();
        Eventually.Is(() => Parts.Count(part => new FileInfo(part).Length == Cut) == 2, "both in mid-download");
        process.Kill();

        Directory.GetFiles(batch.Saved, "*.mp4").ShouldBeEmpty();

        batch.Start();
        batch.AwaitEnd();

        Video[] saved = [.. LedgerListing.Read(batch.Ledger, out _).Select(entry => entry.Video)];
        saved.Length.ShouldBe(2);
        long length = 0;
        foreach (Video video in saved)
        {
            byte[] content = File.ReadAllBytes(video.Path!);
            Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(video.Sha256);
            length += content.Length;
        }

        RecordedRequest[] media = [.. _server.Requests.Where(request => request.Route == SandboxRoute.Media)];
        media.Length.ShouldBe(4);
        media.Sum(request => request.BytesSent).ShouldBe(length, "no byte is served twice");
        Directory.GetFiles(batch.Saved).Length.ShouldBe(2, "no .part is left");
    }

    private string[] Parts =>
        Directory.Exists(Path.Combine(_folder, "out")) ? Directory.GetFiles(Path.Combine(_folder, "out"), "*.part") : [];
}
