using System.Security.Cryptography;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>Base for download tests: a finished video in the sandbox, and a folder to save it to.</summary>
public abstract class DownloadTest : ClientTest
{
    private TempFolder? _target;

    internal TempFolder Target => _target ??= Folder();

    internal string Path => Target.Of("video.mp4");

    internal DownloadMeter Meter { get; } = new();

    internal async Task<(SandboxServer Server, Uri Address)> MakeAsync(long padding = 0)
    {
        SandboxServer server = Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, VideoPadding = padding });
        ChuiziClient client = Connect(server);
        string id = (await client.SubmitAsync(Request(), CancellationToken.None)).Id;
        return (server, (await client.GetAsync(id, CancellationToken.None)).Url!);
    }

    internal VideoDownloader Downloader(TimeProvider? clock = null, int retries = 4) => new(new DownloadOptions
    {
        AllowsPrivateNetwork = true, Clock = clock ?? Leaping, Random = () => 0.5, Retries = retries,
        ReadTimeout = clock is ManualClock ? TimeSpan.FromSeconds(60) : Forever,
    });

    internal Task<DownloadedFile> SaveAsync(
        Uri address,
        bool overwrite = false,
        Func<CancellationToken, Task<Uri?>>? refresh = null,
        int retries = 4,
        CancellationToken cancellationToken = default)
    {
        DownloadRequest download = new(address, Path) { Overwrite = overwrite, RefreshAddress = refresh };
        return Downloader(retries: retries).SaveAsync(download, Meter, cancellationToken);
    }

    /// <summary>Returns the error of a download that leaves no files.</summary>
    internal async Task<ChuiziException> FailAsync(Uri address, Func<CancellationToken, Task<Uri?>>? refresh = null, int retries = 4)
    {
        ChuiziException exception = await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address, refresh: refresh, retries: retries));
        Target.Names.ShouldBeEmpty();
        return exception;
    }

    internal static RecordedRequest[] MediaRequests(SandboxServer server) =>
        [.. server.Requests.Where(request => request.Origin == "media")];

    /// <summary>Downloads the file with a plain HTTP client, for comparison.</summary>
    internal static async Task<byte[]> ReferenceAsync(Uri address)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        return await http.GetByteArrayAsync(address);
    }

    internal void ShouldHave(DownloadedFile file, byte[] expected)
    {
        Target.Names.ShouldBe(["video.mp4"]);
        File.ReadAllBytes(Path).AsSpan().SequenceEqual(expected).ShouldBeTrue();
        file.ShouldBe(new DownloadedFile(Path, expected.Length, Convert.ToHexString(SHA256.HashData(expected)).ToLowerInvariant()));
    }
}
