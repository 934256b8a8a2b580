using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Chuizi.Video.Tests.Support;

/// <summary>Azurite, a server that keeps the Azure Storage API on this machine, with containers and signatures for tests.</summary>
public sealed class Azurite : IDisposable
{
    /// <summary>The account of every Azurite, from its documentation.</summary>
    public const string Account = "devstoreaccount1";

    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Version = "2021-12-02";

    private readonly ChildProcess _process;
    private readonly string _folder;
    private int _containers;

    /// <summary>Starts the server and waits until it listens.</summary>
    public Azurite()
    {
        _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
        _process = ChildProcess.Start(
            ["azurite-blob", "--blobPort", "0", "--disableTelemetry", "--skipApiVersionCheck", "--silent", "--location", _folder], _folder);
        string address = "";
        Eventually.Is(
            () => (address = Regex.Match(_process.OutputSoFar, @"http://127\.0\.0\.1:\d+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value)
                .Length > 0,
            "Azurite");
        Address = new Uri(address);
    }

    /// <summary>Whether it is installed (npm install --global azurite).</summary>
    public static bool IsInstalled => ChildProcess.IsOnPath("azurite-blob");

    /// <summary>The address of the server.</summary>
    public Uri Address { get; }

    /// <summary>The HTTP client of the tests.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>Creates a container, and returns its address.</summary>
    public async Task<string> CreateContainerAsync()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _containers)}");
        string container = $"{Address.GetLeftPart(UriPartial.Authority)}/{Account}/{name}";
        using HttpRequestMessage create = new(HttpMethod.Put, container + "?restype=container");
        string date = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        create.Headers.Add("x-ms-date", date);
        create.Headers.Add("x-ms-version", Version);
        // Azure Storage, Shared Key.
        string text = $"PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{Version}\n/{Account}/{Account}/{name}\nrestype:container";
        create.Headers.TryAddWithoutValidation("Authorization", $"SharedKey {Account}:{Hash(text)}");
        using HttpResponseMessage response = await Http.SendAsync(create).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return container;
    }

    /// <summary>The query that gives access to a container (Azure Storage, service SAS).</summary>
    /// <param name="container">The address of the container.</param>
    /// <param name="permissions">r: read, a: add, c: create, w: write, d: delete.</param>
    /// <param name="life">How long it gives access.</param>
    public static string Sign(string container, string permissions = "racwd", TimeSpan? life = null)
    {
        DateTime time = DateTime.UtcNow + (life ?? TimeSpan.FromHours(1));
        string end = time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string text = $"{permissions}\n\n{end}\n/blob/{Account}/{container[(container.LastIndexOf('/') + 1)..]}\n\n\n\n{Version}\nc\n\n\n\n\n\n\n";
        return $"sp={permissions}&se={Uri.EscapeDataString(end)}&sv={Version}&sr=c&sig={Uri.EscapeDataString(Hash(text))}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Hash(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text)));
}
