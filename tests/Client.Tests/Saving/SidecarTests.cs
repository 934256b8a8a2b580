using System.Collections;
using System.Text;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Text;
using Chuizi.Video.Tests.Support;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class SidecarTests : IDisposable
{
    private static readonly DateTime s_time = new(2026, 10, 1, 12, 30, 15, DateTimeKind.Utc);

    private readonly TempFolder _folder = new();

    private string File => _folder.Of("kite.mp4");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sidecar_contains_everything_about_its_video()
    {
        Video video = Kite();
        Write(video, new Hashtable
        {
            ["Prompt"] = "A red kite", ["watermark"] = false, ["Parameter"] = new Hashtable { ["seed"] = 7 }, ["Slug"] = "kite",
        });

        Sidecar sidecar = Sidecar.Read(File + ".json").ShouldNotBeNull();
        sidecar.Id.ShouldBe("vid-1");
        sidecar.Origin.ShouldBe("https://api.example");
        sidecar.File.ShouldBe("kite.mp4");
        sidecar.Length.ShouldBe(5);
        sidecar.Sha256.ShouldBe(new string('a', 64));
        sidecar.Saved.ShouldBe(s_time);
        sidecar.Model.ShouldBe(video.Model);
        sidecar.Prompt.ShouldBe(video.Prompt);
        sidecar.Duration.ShouldBe(4);
        sidecar.AspectRatio.ShouldBe("16:9");
        sidecar.Resolution.ShouldBe("720P");
        sidecar.Image.ShouldBe(video.Image);
        sidecar.ReferenceImage.ShouldBe(video.ReferenceImage);
        sidecar.SourceVideo.ShouldBe(video.SourceVideo);
        sidecar.Watermark!.Value.GetBoolean().ShouldBeFalse();
        sidecar.Parameter!.Value.GetProperty("seed").GetInt32().ShouldBe(7);
        sidecar.Url.ShouldBe(video.Url);
        sidecar.Cost.ShouldBe(0.15m);
        sidecar.Latency.ShouldBe(TimeSpan.FromSeconds(45));
        sidecar.Created.ShouldBe(video.Created);
        sidecar.RequestId.ShouldBe("req-1");
        sidecar.Input!.Value.GetProperty("Slug").GetString().ShouldBe("kite");
        sidecar.Generator.ShouldBe($"Chuizi.Video {Product.Version}");
        _folder.Names.ShouldBe(["kite.mp4.json"], "no partial file is left");
    }

    [Fact]
    public void Unknown_values_are_omitted_and_prompts_stay_readable()
    {
        Write(new Video { Id = "vid-1", Prompt = "Ein Drache über dem See <视频> \"x\"" });
        string text = System.IO.File.ReadAllText(File + ".json");
        text.ShouldContain("Ein Drache über dem See <视频> \\\"x\\\"");
        text.ShouldNotContain("null");
        text.ShouldNotContain("Cost");
    }

    [Fact]
    public void A_key_in_a_row_is_masked()
    {
        const string Key = "ck-abcdefgh12345678";
        Hashtable columns = new() { ["Account"] = Key, ["Parameter"] = new Hashtable { ["token"] = Key } };
        Write(new Video { Id = "vid-1", Prompt = "A kite " + Key }, columns);
        System.IO.File.ReadAllText(File + ".json").ShouldNotContain(Key);
        Sidecar.Read(File + ".json")!.Prompt.ShouldBe("A kite ck-***");
    }

    [Fact]
    public void Every_text_round_trips() => Gen.Char.Array[0, 40].Select(letters => new string(letters)).Sample(text =>
    {
        string clean = string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
        // JSON cannot represent invalid Unicode, so .NET replaces it.
        Write(new Video { Id = "vid-1", Prompt = text, Model = clean }, new Hashtable { ["A"] = text, [text] = clean }, overwrite: true);
        Sidecar sidecar = Sidecar.Read(File + ".json").ShouldNotBeNull();
        sidecar.Prompt.ShouldBe(clean);
        sidecar.Input!.Value.GetProperty("A").GetString().ShouldBe(clean);
        System.IO.File.Delete(File + ".json");
    }, threads: 1);

    [Fact]
    public void Another_file_is_kept_unless_overwriting_is_allowed()
    {
        string path = _folder.Write("kite.mp4.json", "precious"u8);
        ChuiziException exception = Should.Throw<ChuiziException>(() => Write(Kite()));
        exception.Kind.ShouldBe(ChuiziErrorKind.FileExists);
        exception.Message.ShouldContain(path);
        System.IO.File.ReadAllText(path).ShouldBe("precious");

        Write(Kite(), overwrite: true);
        Sidecar.Read(path)!.Id.ShouldBe("vid-1");

        // The sidecar of another video is kept as well.
        Video other = Kite();
        other.Id = "vid-2";
        Should.Throw<ChuiziException>(() => Write(other)).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        Sidecar.Read(path)!.Id.ShouldBe("vid-1");
    }

    [Fact]
    public void The_sidecar_of_a_video_is_rewritten_only_if_it_is_outdated()
    {
        Write(Kite());
        DateTime written = System.IO.File.GetLastWriteTimeUtc(File + ".json").AddDays(-1);
        System.IO.File.SetLastWriteTimeUtc(File + ".json", written);
        Write(Kite());
        System.IO.File.GetLastWriteTimeUtc(File + ".json").ShouldBe(written);

        new SidecarWriter(false).Write(Kite(), null, new Hashtable(), new DownloadedFile(File, 6, new string('b', 64)), s_time);
        Sidecar.Read(File + ".json")!.Sha256.ShouldBe(new string('b', 64));
    }

    [Fact]
    public void What_a_killed_process_left_is_deleted_and_what_another_process_writes_is_not()
    {
        DateTime hour = DateTime.UtcNow.AddHours(-1);
        foreach (string name in new[] { "lake.mp4.json.0123abcd.part", "lake.mp4.part", "lake.mp4.json.my-notes.part", "notes.json.0123abcd.part" })
        {
            System.IO.File.SetLastWriteTimeUtc(_folder.Write(name, "{"u8), hour);
        }

        _folder.Write("hill.mp4.json.0123abcd.part", "{"u8);
        Write(Kite());
        _folder.Names.Order(StringComparer.Ordinal).ShouldBe(
            ["hill.mp4.json.0123abcd.part", "kite.mp4.json", "lake.mp4.json.my-notes.part", "lake.mp4.part", "notes.json.0123abcd.part"]);
    }

    [Fact]
    public void A_folder_with_the_name_of_the_sidecar_is_reported()
    {
        Directory.CreateDirectory(File + ".json");
        Should.Throw<ChuiziException>(() => Write(Kite())).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        Should.Throw<ChuiziException>(() => Write(Kite(), overwrite: true)).Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        _folder.Names.ShouldBe(["kite.mp4.json"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Version":1,"Id":"a"}""")]
    [InlineData("""{"Version":1,"Id":"","Sha256":"b"}""")]
    [InlineData("""{"Version":1,"Id":7,"Sha256":"b"}""")]
    [InlineData("""{"Id":"a","Sha256":"b","Version":2}""")]
    [InlineData("""{"Version":1,"Id":"\ud800","Sha256":"b"}""")]
    [InlineData("""{"Id":"a","Sha256":"b","Version":1,"Cost":"much"}""")]
    public void A_file_that_is_not_a_sidecar_is_not_read_as_one(string text) =>
        Sidecar.Read(_folder.Write("a.mp4.json", System.Text.Encoding.UTF8.GetBytes(text))).ShouldBeNull();

    [Fact]
    public void The_index_of_a_folder_finds_the_file_of_each_video()
    {
        _folder.Write("kite.mp4", "12345"u8);
        Write(Kite());
        // A sidecar whose video is missing, and a file that is not a sidecar.
        System.IO.File.WriteAllBytes(_folder.Of("gone.mp4.json"), new Sidecar { Id = "vid-3", Sha256 = "c" }.ToUtf8());
        _folder.Write("none.mp4", "1"u8);
        _folder.Write("none.mp4.json", "{}"u8);
        // A sidecar whose video has been replaced by another file.
        _folder.Write("changed.mp4", "123456"u8);
        System.IO.File.WriteAllBytes(_folder.Of("changed.mp4.json"), new Sidecar { Id = "vid-4", Sha256 = "d", Length = 5 }.ToUtf8());

        SidecarIndex index = SidecarIndex.Read(_folder.Path, CancellationToken.None);
        index.Find("vid-1", null).ShouldBe((File, new string('a', 64)));
        index.Find("vid-1", "https://api.example").ShouldBe((File, new string('a', 64)));
        index.Find("vid-1", "http://127.0.0.1:8080").ShouldBeNull("ids of another origin do not match");
        index.Find("VID-1", null).ShouldBeNull();
        index.Find("vid-3", null).ShouldBeNull();
        index.Find("vid-4", null).ShouldBeNull();
        SidecarIndex.Read(_folder.Of("missing"), CancellationToken.None).Find("vid-1", null).ShouldBeNull();
    }

    [Fact]
    public async Task A_pipe_is_not_used_as_a_sidecar_and_does_not_block()
    {
        _folder.Write("kite.mp4", "12345"u8);
        _folder.MakePipe("kite.mp4.json");
        Task<(string, string)?> find = Task.Run(() => SidecarIndex.Read(_folder.Path, CancellationToken.None).Find("vid-1", null));
        (await find.WaitAsync(Eventually.Patience)).ShouldBeNull();
    }

    [Fact]
    public void A_link_is_not_used_as_a_sidecar_and_is_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links require special permissions on Windows.");
        using TempFolder elsewhere = new();
        _folder.Write("kite.mp4", "12345"u8);
        string theirs = elsewhere.Write("theirs.json", new Sidecar { Id = "vid-1", Sha256 = "c" }.ToUtf8());
        System.IO.File.CreateSymbolicLink(File + ".json", theirs);

        SidecarIndex index = SidecarIndex.Read(_folder.Path, CancellationToken.None);
        index.Find("vid-1", null).ShouldBeNull("a sidecar outside the folder does not count");
        Should.Throw<ChuiziException>(() => Write(Kite())).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        Write(Kite(), overwrite: true);

        Sidecar.Read(theirs)!.Sha256.ShouldBe("c");
        Sidecar.Read(File + ".json")!.Sha256.ShouldBe(new string('a', 64));
    }

    [Fact]
    public void A_new_sidecar_keeps_values_known_only_to_the_old_one()
    {
        Write(Kite(), new Hashtable { ["Slug"] = "kite", ["Parameter"] = new Hashtable { ["seed"] = 7 }, ["Watermark"] = false });
        // The user has renamed the video and its sidecar, and only the id and cost are known now.
        System.IO.File.Move(File + ".json", _folder.Of("lake.mp4.json"));
        Video bare = new() { Id = "vid-1", Cost = 0.2m };
        DownloadedFile file = new(_folder.Of("lake.mp4"), 6, new string('b', 64));
        new SidecarWriter(false).Write(bare, "https://api.example", new Hashtable(), file, s_time);

        Sidecar sidecar = Sidecar.Read(_folder.Of("lake.mp4.json")).ShouldNotBeNull();
        (sidecar.File, sidecar.Length, sidecar.Sha256, sidecar.Cost).ShouldBe(("lake.mp4", 6, new string('b', 64), 0.2m));
        (sidecar.Prompt, sidecar.Model, sidecar.Duration, sidecar.RequestId).ShouldBe(("A red kite", "google/veo-3.1", 4, "req-1"));
        sidecar.Parameter!.Value.GetProperty("seed").GetInt32().ShouldBe(7);
        sidecar.Watermark!.Value.GetBoolean().ShouldBeFalse();
        sidecar.Input!.Value.GetProperty("Slug").GetString().ShouldBe("kite");
    }

    [Theory]
    [InlineData(@"\ud800", false)]
    [InlineData("\u00C5", true)]
    public void A_sidecar_that_cannot_be_written_again_is_not_completed(string damage, bool canBeWritten)
    {
        Write(Kite(), new Hashtable { ["Slug"] = "?" });
        // In Latin-1, so that a letter is not valid UTF-8.
        string text = System.IO.File.ReadAllText(File + ".json").Replace("\"?\"", $"\"{damage}\"", StringComparison.Ordinal);
        System.IO.File.WriteAllBytes(File + ".json", Encoding.Latin1.GetBytes(text));
        DownloadedFile other = new(File, 5, new string('b', 64));
        Action write = () => new SidecarWriter(false).Write(Kite(), "https://api.example", new Hashtable(), other, s_time);
        if (canBeWritten)
        {
            write();
        }
        else
        {
            Should.Throw<ChuiziException>(write).Kind.ShouldBe(ChuiziErrorKind.FileExists);
            new SidecarWriter(true).Write(Kite(), "https://api.example", new Hashtable(), other, s_time);
        }

        Sidecar.Read(File + ".json").ShouldNotBeNull().Sha256.ShouldBe(other.Sha256);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task Concurrent_writers_always_leave_one_complete_sidecar()
    {
        string theirs = _folder.Write("kite.mp4.json.part", "precious"u8);
        Hashtable columns = new() { ["Text"] = new string('x', 300_000) };
        Write(Kite(), columns);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (int round = 0; round < 20; round++)
            {
                new SidecarWriter(true).Write(Kite(), null, columns, new DownloadedFile(File, 5, $"{writer} {round}"), s_time);
                Sidecar.Read(File + ".json").ShouldNotBeNull();
            }
        })));

        System.IO.File.ReadAllText(theirs).ShouldBe("precious");
        _folder.Names.ShouldBe(["kite.mp4.json", "kite.mp4.json.part"]);
    }

    [Theory]
    [InlineData("Image")]
    [InlineData("image")]
    public void An_image_truncated_in_the_video_is_recorded_as_in_the_row(string column)
    {
        string image = "data:image/png;base64," + new string('A', 4000);
        string cut = image[..80] + "…";
        Video video = Kite();
        video.Image = cut;
        video.ReferenceImage = [cut, "https://images.example/b.png"];
        Write(video, new Hashtable { [column] = image, ["ReferenceImage"] = new[] { "https://images.example/b.png", image } });

        Sidecar sidecar = Sidecar.Read(File + ".json").ShouldNotBeNull();
        sidecar.Image.ShouldBe(image);
        sidecar.ReferenceImage.ShouldBe([image, "https://images.example/b.png"]);
    }

    private static Video Kite() => new()
    {
        Id = "vid-1", Status = VideoStatus.Succeeded, Model = "google/veo-3.1", Prompt = "A red kite",
        Duration = 4, AspectRatio = "16:9", Resolution = "720P",
        Image = "https://images.example/a.png", ReferenceImage = ["https://images.example/b.png"],
        SourceVideo = "https://videos.example/c.mp4", Url = new Uri("https://media.example/videos/vid-1.mp4"),
        Cost = 0.15m, Latency = 45, Created = s_time.AddMinutes(-1), RequestId = "req-1",
    };

    private void Write(Video video, IDictionary? columns = null, bool overwrite = false)
    {
        DownloadedFile file = new(File, 5, new string('a', 64));
        new SidecarWriter(overwrite).Write(video, "https://api.example", columns ?? new Hashtable(), file, s_time);
    }
}
