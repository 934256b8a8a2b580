using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>The script block for Azure Blob Storage in docs/guides/publish.md uploads files to a real storage server, Azurite.</summary>
public sealed class PublishGuideTests : IDisposable
{
    // The account of every Azurite, from its documentation.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Version = "2021-12-02";

    private readonly Shell _shell = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", null);
        _shell.Dispose();
    }

    [Fact]
    public async Task The_block_for_Azure_uploads_each_file_and_returns_a_URL_that_can_be_downloaded()
    {
        Assert.SkipUnless(ChildProcess.IsOnPath("azurite-blob"), "azurite is not installed (npm install --global azurite).");
        string data = Directory.CreateDirectory(Path.Combine(_shell.Folder, "azurite")).FullName;
        using ChildProcess server = ChildProcess.Start(
            ["azurite-blob", "--blobPort", "0", "--disableTelemetry", "--skipApiVersionCheck", "--silent", "--location", data], data);
        string address = "";
        Eventually.Is(
            () => (address = Regex.Match(server.OutputSoFar, @"http://127\.0\.0\.1:\d+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value)
                .Length > 0,
            "Azurite");
        using HttpClient http = new();
        string container = $"{address}/{Account}/inputs";
        using HttpRequestMessage create = new(HttpMethod.Put, container + "?restype=container");
        Sign(create);
        (await http.SendAsync(create, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", container + "?" + ContainerSignature());
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
        (await http.GetByteArrayAsync(new Uri(urls.Single()), TestContext.Current.CancellationToken)).ShouldBe(clip);
        (await File.ReadAllTextAsync(Path.Combine(_shell.Folder, "run.jsonl"), TestContext.Current.CancellationToken))
            .ShouldNotContain("sig=");

        Environment.SetEnvironmentVariable("VIDEO_CONTAINER_SAS", container + "?" + ContainerSignature().Replace("sig=", "sig=x", StringComparison.Ordinal));
        _shell.Run(block + Run.Replace("'a', 'b'", "'c'", StringComparison.Ordinal)).TheError.FullyQualifiedErrorId
            .ShouldStartWith("PublishFailed,");
        _shell.Server.Jobs.Count.ShouldBe(2);
    }

    /// <summary>Authorizes a request with the account's key (Azure Storage, Shared Key).</summary>
    private static void Sign(HttpRequestMessage request)
    {
        string date = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        request.Headers.Add("x-ms-date", date);
        request.Headers.Add("x-ms-version", Version);
        string text = $"PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{Version}\n/{Account}/{Account}/inputs\nrestype:container";
        request.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {Account}:{Hash(text)}");
    }

    /// <summary>A signature that may read and create blobs in the container (Azure Storage, service SAS).</summary>
    private static string ContainerSignature()
    {
        string end = DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string text = $"rc\n\n{end}\n/blob/{Account}/inputs\n\n\n\n{Version}\nc\n\n\n\n\n\n\n";
        return $"sp=rc&se={Uri.EscapeDataString(end)}&sv={Version}&sr=c&sig={Uri.EscapeDataString(Hash(text))}";
    }

    private static string Hash(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text)));
}
