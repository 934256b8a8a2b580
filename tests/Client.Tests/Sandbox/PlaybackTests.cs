using System.Diagnostics;
using System.Globalization;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>Whether ffmpeg and a browser play the videos, if they are installed.</summary>
[Trait("Speed", "Slow")]
public sealed class PlaybackTests : SandboxTest
{
    [Theory]
    [InlineData("720P", "16:9", 5, 1280, 720)]
    [InlineData("720P", "9:16", 1, 720, 1280)]
    [InlineData("720P", "1:1", 2.3, 720, 720)]
    [InlineData("720P", "4:3", 0.02, 960, 720)]
    [InlineData("720P", "3:4", 3, 720, 960)]
    [InlineData("1080P", "16:9", 5, 1920, 1080)]
    [InlineData("1080P", "9:16", 2, 1080, 1920)]
    [InlineData("1080P", "1:1", 1, 1080, 1080)]
    [InlineData("1080P", "4:3", 1, 1440, 1080)]
    [InlineData("1080P", "3:4", 1, 1080, 1440)]
    public async Task Ffmpeg_reports_no_errors(string resolution, string ratio, double seconds, int width, int height)
    {
        string probe = ExternalTool.Require("ffprobe");
        string decoder = ExternalTool.Require("ffmpeg");
        string path = await SaveAsync(resolution, ratio, seconds, padding: 5000);
        try
        {
            (_, string output, string errors) = await ExternalTool.RunAsync(
                probe,
                "-v",
                "error",
                "-count_frames",
                "-show_entries",
                "stream=width,height,codec_name,nb_read_frames:format=duration",
                "-of",
                "default=nw=1",
                path);
            errors.ShouldBeEmpty();
            string[] facts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            facts.ShouldContain("codec_name=h264");
            facts.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"width={width}"));
            facts.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"height={height}"));
            facts.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"duration={seconds:F6}"));
            facts.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"nb_read_frames={Math.Ceiling(seconds * 24)}"));
            (int code, _, errors) = await ExternalTool.RunAsync(decoder, "-v", "error", "-xerror", "-i", path, "-f", "null", "-");
            errors.ShouldBeEmpty();
            code.ShouldBe(0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Seeking near the end shows that the browser requests ranges and decodes from a later key frame. A headless
    // browser does not wait for videos, so the page reports to the sandbox what it played.
    [Fact]
    public async Task A_browser_loads_and_seeks_a_video()
    {
        string browser = ExternalTool.RequireBrowser();
        SandboxClient client = Start(new SandboxOptions { GenerationTime = TimeSpan.Zero });
        string id = await client.MakeAsync(
            """{"model":"bailian/happyhorse-1.0-t2v","prompt":"x","duration":7,"aspect_ratio":"3:4","resolution":"1080P"}""");
        string folder = Directory.CreateTempSubdirectory("sandbox-browser-").FullName;
        string page = Path.Combine(folder, "page.html");
        await File.WriteAllTextAsync(page, $$"""
            <!DOCTYPE html><body><script>
            const video = document.createElement('video');
            const tell = what => new Image().src = '{{client.Server.MediaAddress}}seen?' + what;
            video.muted = true;
            video.preload = 'auto';
            video.onerror = () => tell('error:' + encodeURIComponent(video.error.message));
            video.onloadeddata = () => video.currentTime = video.duration - 0.5;
            video.onseeked = () => tell(`${video.videoWidth}x${video.videoHeight},${video.duration},${video.currentTime}`);
            video.src = '{{client.Server.MediaAddress}}videos/{{id}}.mp4';
            </script></body>
            """);
        using Process process = ExternalTool.Start(
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--user-data-dir=" + Path.Combine(folder, "profile"),
            new Uri(page).AbsoluteUri);
        try
        {
            await Eventually.IsAsync(() => Seen() is not null || process.HasExited);
            Assert.SkipWhen(Seen() is null, $"{browser} cannot run on this machine.");
            Seen().ShouldBe("/seen?1080x1440,7,6.5");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            await Eventually.IsAsync(() => IsDeleted(folder));
        }

        string? Seen() =>
            client.Server.Requests.FirstOrDefault(request => request.Path.StartsWith("/seen", StringComparison.Ordinal))?.Path;
    }

    // Helper processes of the browser may still hold or write a file.
    private static bool IsDeleted(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return !Directory.Exists(folder);
        }
    }

    private async Task<string> SaveAsync(string resolution, string ratio, double seconds, long padding)
    {
        SandboxClient client = Start(new SandboxOptions { GenerationTime = TimeSpan.Zero, VideoPadding = padding });
        string id = await client.MakeAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"model":"bailian/happyhorse-1.0-t2v","prompt":"x","duration":{{seconds}},"aspect_ratio":"{{ratio}}","resolution":"{{resolution}}"}"""
            ));
        using HttpResponseMessage response = await client.GetAsync($"/videos/{id}.mp4");
        string path = Path.Combine(Path.GetTempPath(), id + ".mp4");
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        return path;
    }
}
