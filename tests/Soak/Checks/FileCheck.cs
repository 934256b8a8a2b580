using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Chuizi.Video.Soak.Runs;

namespace Chuizi.Video.Soak.Checks;

/// <summary>Checks that every file with a final name is complete, is what the sandbox serves, and has its recorded hash.</summary>
internal static class FileCheck
{
    /// <summary>The number of contents that a video of the sandbox can change to.</summary>
    private const int Variants = 8;

    private static readonly HttpClient s_http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false });

    /// <summary>Checks all files of the batch.</summary>
    public static void Check(Scene scene)
    {
        if (!Directory.Exists(scene.Saved))
        {
            return;
        }

        string ledger = File.Exists(scene.Ledger) ? ProcessWatch.ReadText(scene.Ledger) : "";
        Dictionary<string, string> ids = [];
        foreach (
            Video video in scene
                .Recorded(out _)
                .Concat(scene.Runs.SelectMany(run => run.Output))
                .Where(video => video is { Path: not null, Id: not null }))
        {
            ids[video.Path!] = video.Id!;
        }

        foreach (string path in Directory.GetFiles(scene.Saved))
        {
            if (path.EndsWith(".mp4", StringComparison.Ordinal))
            {
                CheckVideo(scene, path, ids.GetValueOrDefault(path), ledger);
            }
            else if (path.EndsWith(".mp4.json", StringComparison.Ordinal))
            {
                CheckSidecar(scene, path);
            }
        }
    }

    private static void CheckVideo(Scene scene, string path, string? id, string ledger)
    {
        byte[] content = File.ReadAllBytes(path);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        string name = Path.GetFileName(path);
        if (!IsWhole(content))
        {
            scene.Violate($"Half a file: '{name}' of {content.Length} bytes is not a complete MP4.");
            return;
        }

        bool isTold =
            ledger.Contains(hash, StringComparison.Ordinal)
            || scene.Runs.Exists(run => run.Output.Exists(video => video.Sha256 == hash) || run.Says(hash) || run.Says(path));
        // A run that was cut short without a usable ledger has no way to report the file.
        bool isNobodyThere =
            scene.Runs.Exists(run => run.WasCut) && (!scene.Plan.HasLedger || scene.Happened.Contains(Plans.MishapKind.FullDisk));
        if (!isTold && !isNobodyThere)
        {
            scene.Violate($"Unrecorded: no ledger, output or message mentions '{name}' with the hash {hash}.");
        }

        if (id is not null && !Served(scene, id).Contains(hash))
        {
            scene.Violate($"Another file: '{name}' of {content.Length} bytes is not what is served for {id}.");
        }
    }

    /// <summary>The hashes of the served video and of the contents that it can change to.</summary>
    private static IEnumerable<string> Served(Scene scene, string id)
    {
        // Enumerated lazily: the first matches unless a fault changed the file.
        for (int variant = 0; variant <= Variants; variant++)
        {
            string hash = "";
            // If the clock of the sandbox was put back, the video is served only when it is finished again.
            ProcessWatch.Eventually(() => TryHash(scene, id, isChanged: variant > 0, out hash));
            yield return hash;
        }
    }

    private static bool TryHash(Scene scene, string id, bool isChanged, out string hash)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(scene.Server.MediaAddress, $"videos/{id}.mp4"));
        if (isChanged)
        {
            request.Headers.Add("X-Sandbox-Fault", "changed-etag");
        }

        using HttpResponseMessage response = s_http.Send(request);
        using Stream body = response.Content.ReadAsStream();
        hash = Convert.ToHexStringLower(SHA256.HashData(body));
        return response.StatusCode == HttpStatusCode.OK;
    }

    private static void CheckSidecar(Scene scene, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            scene.Violate($"Half a sidecar: '{Path.GetFileName(path)}': {exception.Message}");
        }
    }

    /// <summary>Checks independently of the client that the MP4 boxes fill the file and include the index and media data.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> content)
    {
        HashSet<string> boxes = [];
        while (content.Length >= 8)
        {
            boxes.Add(System.Text.Encoding.ASCII.GetString(content[4..8]));
            uint length = BinaryPrimitives.ReadUInt32BigEndian(content);
            if (length < 8 || length > content.Length)
            {
                return false;
            }

            content = content[(int)length..];
        }

        return content.IsEmpty && boxes.IsSupersetOf(["ftyp", "moov", "mdat"]);
    }
}
