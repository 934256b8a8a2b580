using System.Collections.Specialized;
using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Sandbox;
using Chuizi.Video.Client.Tests.Support;

namespace Chuizi.Video.Client.Tests.Gallery;

/// <summary>Batches with files from the sandbox, and their gallery pages.</summary>
internal sealed class GalleryBatch(SandboxClient sandbox, TempFolder folder)
{
    /// <summary>Texts that try to break out of the page or the folder.</summary>
    public static readonly IReadOnlyList<string> Hostile =
    [
        "<script>alert(1)</script>",
        "\"onerror=\"alert(1)",
        "' onmouseover='alert(1)",
        "</title></style></script><script>alert(2)</script>",
        "<img src=x onerror=alert(3)>",
        "<!-- ",
        "javascript:alert(4)",
        "../../../etc/passwd",
        "..\\..\\windows",
        "CON",
        "NUL.mp4",
        "a\0b",
        "\u202Egnp.exe\u2069\u2069 tail",
        "\u200F\u2067right to left",
        "%2e%2e%2f%00",
        "a#b",
        "a?b=c&d",
        "it's \"quoted\" `here`",
        "{{constructor.constructor('alert(5)')()}}",
        "${alert(6)}",
        "熊猫 🐼",
        "\uD800 half",
        "line\r\nline\nline",
        "  ",
        new string('x', 300),
        "&lt;b&gt;&amp;",
    ];

    private readonly List<GalleryItem> _items = [];
    private readonly Dictionary<string, byte[]> _films = new(StringComparer.Ordinal);
    private readonly FileNameAllocator _names = new(folder.Of("videos"));

    public string Page => folder.Of("index.html");

    public IReadOnlyList<GalleryItem> Items => _items;

    /// <summary>Adds a video whose file is saved under <paramref name="name"/>.</summary>
    public async Task<Video> SaveAsync(
        string prompt,
        string name,
        string model = "google/veo-3.1-lite",
        string ratio = "16:9",
        int seconds = 1,
        string look = "x")
    {
        Video video = Add(prompt, model, VideoStatus.Succeeded);
        (video.AspectRatio, video.Resolution, video.Duration, video.Sha256) = (ratio, "720P", seconds, new string('a', 64));
        string kind = $"{ratio}-{seconds}-{look}";
        if (!_films.TryGetValue(kind, out byte[]? film))
        {
            string id = await sandbox.MakeAsync(
                $$"""{"model":"bailian/happyhorse-1.0-t2v","prompt":"{{look}}","duration":{{seconds}},"aspect_ratio":"{{ratio}}","resolution":"720P"}"""
            );
            using HttpResponseMessage response = await sandbox.GetAsync($"/videos/{id}.mp4");
            film = _films[kind] = await response.Content.ReadAsByteArrayAsync();
        }

        video.Path = Path.Combine(folder.Path, "videos", name);
        Directory.CreateDirectory(Path.GetDirectoryName(video.Path)!);
        await File.WriteAllBytesAsync(video.Path, film);
        return video;
    }

    /// <summary>Adds a video that is saved as Save-ChuiziVideo does, under a name based on <paramref name="wanted"/>.</summary>
    public async Task<Video> DownloadAsync(string prompt, string wanted, string model)
    {
        Video video = Add(prompt, model, VideoStatus.Succeeded);
        string id = await sandbox.MakeAsync("""{"model":"google/veo-3.1-lite","prompt":"x","duration":4}""");
        DownloadRequest download = new(new Uri(sandbox.Server.MediaAddress, $"videos/{id}.mp4"), _names.Allocate(wanted, video.Id!));
        DownloadedFile file = await new VideoDownloader(new DownloadOptions { AllowsPrivateNetwork = true }).SaveAsync(
            download,
            null,
            CancellationToken.None);
        (video.Path, video.Sha256) = (file.Path, file.Sha256);
        return video;
    }

    /// <summary>Adds a video without a file.</summary>
    public Video Add(string prompt, string model, string status, string? error = null)
    {
        int number = _items.Count;
        Video video = new()
        {
            Id = $"vid-{number:000}",
            RequestId = $"req-{number:000}",
            Prompt = prompt,
            Model = model,
            Status = status,
            Created = new DateTime(2026, 1, 2, 9, 0, 0, DateTimeKind.Utc).AddSeconds(number),
            Cost = status == VideoStatus.Succeeded ? 0.05m * (1 + (number % 7)) : null,
            Latency = status == VideoStatus.Succeeded ? 20 + (number * 17 % 50) : null,
            Url = status == VideoStatus.Succeeded ? new Uri($"https://media.example/vid-{number:000}.mp4") : null,
            Error = error is null ? null : new VideoError { Message = error, Type = "invalid_request_error", Code = "400" },
        };
        _items.Add(new GalleryItem(video, new OrderedDictionary { ["Note"] = $"column-{number}" }));
        return video;
    }

    /// <summary>
    /// Adds every hostile text as each property of a video: with a file named as by Save-ChuiziVideo, with a file of exactly that name,
    /// and without a file.
    /// </summary>
    public async Task AddHostileAsync()
    {
        foreach (string text in Hostile)
        {
            Say(await DownloadAsync(text, text, text), text);
            string raw = text.Replace('/', '_').Replace('\0', '_') + ".mp4";
            if (
                !OperatingSystem.IsWindows()
                && text.Length < 200
                && !text.Any(char.IsSurrogate)
                && !text.Contains('\\', StringComparison.Ordinal))
            {
                Say(await SaveAsync(text, $"{_items.Count} {raw}", text), text);
            }

            Add(text, text, VideoStatus.Failed, text).Id = text;
            Add(text, text, VideoStatus.Succeeded).Path = text;
        }

        void Say(Video video, string text)
        {
            (video.RequestId, video.AspectRatio, video.Resolution, video.Image, video.ReferenceImage, video.SourceVideo) = (
                text,
                text,
                text,
                text,
                [text],
                text);
            (video.Origin, video.Note, video.Verdict, video.FileName) = (text, text, text, text);
            (video.Row, video.Take) = (1 + Hostile.ToList().IndexOf(text), 1 + (_items.Count % 2));
            _items[^1] = new GalleryItem(video, new OrderedDictionary { [text + "!"] = text, ["Few"] = text });
        }
    }

    /// <summary>Adds six typical videos, one of them failed.</summary>
    public async Task AddFriendlyAsync()
    {
        await SaveAsync("A red kite over a lake, slow aerial shot", "kite.mp4", "google/veo-3.1-lite", "16:9", 6);
        await SaveAsync("A paper boat in the gutter, close to the water", "boat.mp4", "bailian/wan2.7-t2v", "9:16", 5);
        Add("A forbidden tower at night", "google/veo-3.1-lite", VideoStatus.Failed, "Content policy violation: refused by moderation");
        await SaveAsync("Rain drums on a tin roof, macro", "rain.mp4", "google/veo-3.1-lite", "1:1", 4);
        Add("Lanterns drift down a river", "bailian/happyhorse-1.0-video-edit", VideoStatus.Processing);
        Add("A fox trots through tall grass, then stops and listens", "bailian/wan2.7-t2v", VideoStatus.Succeeded);
    }

    /// <summary>Writes the page and returns its path.</summary>
    public string Write(string title)
    {
        GalleryFile.Write(
            Page,
            GalleryPage.Render(_items, Page, title, new DateTime(2026, 1, 2, 10, 0, 0, DateTimeKind.Utc), File.Exists),
            overwrite: false);
        return Page;
    }
}
