using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The script block for Azure Blob Storage in docs/guides/publish.md uploads files to a real storage server, Azurite.</summary>
public sealed class PublishGuideTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", null);
        _shell.Dispose();
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_block_for_Azure_uploads_each_file_and_returns_a_URL_that_can_be_downloaded()
    {
        Assert.SkipUnless(Azurite.IsInstalled, "azurite is not installed (npm install --global azurite).");
        using Azurite server = new();
        string container = await server.CreateContainerAsync();
        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", container + "?" + Azurite.Sign(container, "rc"));
        byte[] clip = [.. Enumerable.Range(0, 100_000).Select(index => (byte)index)];
        await File.WriteAllBytesAsync(Path.Combine(_shell.Folder, "my clip é.mp4"), clip, TestContext.Current.CancellationToken);

        string block = DocFile.Of("docs/guides/publish.md").Section("## Azure Blob Storage").Split("```powershell")[1].Split("```")[0];
        const string Run = """
            'a', 'b' | ForEach-Object { [pscustomobject]@{ Prompt = $_; Model = 'happyhorse-1.0-video-edit'; SourceVideo = 'my clip é.mp4' } } |
                New-ChuiziVideo -Ledger run.jsonl -Publish $publish
            """;
        _shell.Run(block + Run).ShouldBeClean().Output.Count.ShouldBe(2);

        string[] urls = [.. _shell.Server.Jobs.Select(job => Regex.Match(
            job.Body, "\"video_url\":\"(?<url>[^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["url"].Value).Distinct()];
        (await server.Http.GetByteArrayAsync(new Uri(urls.Single()), TestContext.Current.CancellationToken)).ShouldBe(clip);
        (await File.ReadAllTextAsync(Path.Combine(_shell.Folder, "run.jsonl"), TestContext.Current.CancellationToken))
            .ShouldNotContain("sig=");

        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", container + "?" + Azurite.Sign(container, "rc").Replace("sig=", "sig=x", StringComparison.Ordinal));
        _shell.Run(block + Run.Replace("'a', 'b'", "'c'", StringComparison.Ordinal)).TheError.FullyQualifiedErrorId
            .ShouldStartWith("PublishFailed,");
        _shell.Server.Jobs.Count.ShouldBe(2);
    }
}
