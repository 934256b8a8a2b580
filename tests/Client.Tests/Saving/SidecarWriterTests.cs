using System.Collections;
using System.Text.Json;
using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;
using static Chuizi.Video.Client.Tests.Support.ClientTest;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>What a sidecar takes from the request that this process has sent.</summary>
public sealed class SidecarWriterTests : IDisposable
{
    private static readonly string s_dataUrl = "data:image/png;base64," + new string('A', 4000);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_fields_are_recorded_as_they_were_sent()
    {
        Sidecar sidecar = Describe(new VideoRequest
        {
            Model = "google/veo-3.1", Prompt = "A red kite", Watermark = true,
            Image = Image(s_dataUrl), ReferenceImages = [Image("https://images.example/b.png"), Image(s_dataUrl)],
            Parameters = new Dictionary<string, object?> { ["seed"] = 7 },
        });
        sidecar.Image.ShouldBe(s_dataUrl);
        sidecar.ReferenceImage.ShouldBe(["https://images.example/b.png", s_dataUrl]);
        sidecar.Watermark!.Value.GetBoolean().ShouldBeTrue();
        sidecar.Parameter!.Value.GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).ShouldBe("""{"seed":7}""");
        sidecar.ImageContent.ShouldBeNull("no image is a local file");
    }

    [Fact]
    public void What_a_request_does_not_have_is_omitted()
    {
        Describe(new VideoRequest { Model = "google/veo-3.1", Prompt = "A red kite", Image = Image("https://images.example/a.png") });
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(_folder.Of("kite.mp4.json")));
        document.RootElement.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["Version", "Generator", "Id", "Origin", "File", "Length", "Sha256", "Saved", "Model", "Prompt", "Image"]);
    }

    [Fact]
    public void The_content_of_a_local_image_is_recorded_unless_the_file_has_changed()
    {
        string kept = _folder.Write("kept.png", Images.Png(640, 480));
        string changed = _folder.Write("changed.png", Images.Png(640, 480));
        VideoRequest request = new()
        {
            Model = "google/veo-3.1", Prompt = "A red kite", Image = Image(changed), ReferenceImages = [Image(kept)],
        };
        File.AppendAllText(changed, "x");

        Sidecar sidecar = Describe(request);
        sidecar.Image.ShouldBe(changed);
        sidecar.ImageContent.ShouldBe(new Dictionary<string, string> { [kept] = Image(kept).Content });
    }

    [Fact]
    public void A_shortened_image_that_the_row_does_not_have_stays_shortened()
    {
        string cut = s_dataUrl[..80] + "…";
        Video video = new() { Id = "vid-1", Image = cut, ReferenceImage = [cut] };
        Hashtable columns = new() { ["Image"] = "https://images.example/a.png", ["ReferenceImage"] = new object[] { 7, "b.png" } };
        Sidecar sidecar = Write(video, columns);
        sidecar.Image.ShouldBe(cut);
        sidecar.ReferenceImage.ShouldBe([cut]);
    }

    private Sidecar Describe(VideoRequest request)
    {
        Video video = request.ToVideo(null);
        video.Id = "vid-1";
        new VideoProvenance(request, VideoLedger.InMemory()).AttachTo(video);
        return Write(video, new Hashtable());
    }

    private Sidecar Write(Video video, Hashtable columns)
    {
        DownloadedFile file = new(_folder.Of("kite.mp4"), 5, new string('a', 64));
        new SidecarWriter(overwrite: false).Write(video, "https://api.example", columns, file, DateTime.UnixEpoch);
        return Sidecar.Read(file.Path + ".json").ShouldNotBeNull();
    }
}
