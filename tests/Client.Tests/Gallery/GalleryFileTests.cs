using System.Collections;
using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Client.Text;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

public sealed class GalleryFileTests : ClientTest
{
    private static readonly string s_page = GalleryPage.Render(
        [],
        Path.Combine(Path.GetTempPath(), "p.html"),
        "A title that may be <generator>",
        DateTime.UnixEpoch,
        _ => true);

    [Fact]
    public void A_page_is_written_completely_and_its_folder_created()
    {
        TempFolder folder = Folder();
        string path = Path.Combine(folder.Path, "a", "b", "index.html");
        GalleryFile.Write(path, s_page, overwrite: false);
        File.ReadAllText(path).ShouldBe(s_page);
        Directory.GetFiles(Path.GetDirectoryName(path)!).ShouldBe([path]);
    }

    [Fact]
    public void A_gallery_page_of_any_version_is_replaced()
    {
        TempFolder folder = Folder();
        string path = folder.Of("index.html");
        GalleryFile.Write(path, s_page, overwrite: false);
        File.WriteAllText(path, s_page.Replace(Product.Generator, "Chuizi.Video 47.11.0", StringComparison.Ordinal));
        GalleryFile.Write(path, s_page, overwrite: false);
        File.ReadAllText(path).ShouldBe(s_page);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    [InlineData("<!DOCTYPE html><html><head><meta name=\"generator\" content=\"Hugo 0.1\"><title>x</title>")]
    [InlineData("<!DOCTYPE html><html><head><title>x</title></head><body><meta name=\"generator\" content=\"Chuizi.Video 0.1.0\">")]
    [InlineData("{\"text\":\"<meta name=\\\"generator\\\" content=\\\"Chuizi.Video 0.1.0\\\">\"}")]
    public void Any_other_file_is_kept_unless_it_is_overwritten_on_purpose(string content)
    {
        TempFolder folder = Folder();
        string path = folder.Of("index.html");
        File.WriteAllText(path, content);
        Should.Throw<ChuiziException>(() => GalleryFile.Check(path)).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        Should
            .Throw<ChuiziException>(() => GalleryFile.Write(path, s_page, overwrite: false))
            .Message.ShouldContain("Use -Force to replace");
        File.ReadAllText(path).ShouldBe(content);
        folder.Names.ShouldBe(["index.html"]);
        GalleryFile.Write(path, s_page, overwrite: true);
        File.ReadAllText(path).ShouldBe(s_page);
    }

    [Fact]
    public async Task A_reader_never_sees_a_partly_written_page()
    {
        TempFolder folder = Folder();
        string path = folder.Of("index.html");
        string other = s_page.Replace("</body>", new string('x', 200_000) + "</body>", StringComparison.Ordinal);
        GalleryFile.Write(path, s_page, overwrite: false);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(() =>
        {
            for (int turn = 0; !stop.IsCancellationRequested; turn++)
            {
                try
                {
                    GalleryFile.Write(path, turn % 2 == 0 ? other : s_page, overwrite: false);
                }
                catch (ChuiziException exception) when (OperatingSystem.IsWindows() && exception.Kind == ChuiziErrorKind.CannotWrite)
                {
                    // Windows does not replace a file that is open; the old page stays complete.
                }
            }
        });
        for (int turn = 0; turn < 200; turn++)
        {
            string text = File.ReadAllText(path);
            (text == s_page || text == other).ShouldBeTrue();
        }

        await stop.CancelAsync();
        await writing;
        folder.Names.ShouldBe(["index.html"]);
    }

    [Fact]
    public void A_failed_write_is_reported_and_leaves_no_files()
    {
        TempFolder folder = Folder();
        folder.Write("file", "x"u8);
        ChuiziException exception = Should.Throw<ChuiziException>(() =>
            GalleryFile.Write(Path.Combine(folder.Of("file"), "index.html"), s_page, overwrite: true));
        exception.Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        Directory.CreateDirectory(folder.Of("index.html"));
        Should
            .Throw<ChuiziException>(() => GalleryFile.Write(folder.Of("index.html"), s_page, overwrite: true))
            .Kind.ShouldBe(ChuiziErrorKind.CannotWrite);
        folder.Names.ShouldBe(["file", "index.html"]);
    }

    [Theory]
    [InlineData("out", true, "out/index.html")]
    [InlineData("page", false, "page.html")]
    [InlineData("v1.2", false, "v1.2.html")]
    [InlineData("page.pdf", false, "page.pdf.html")]
    [InlineData("page.HTML", false, "page.HTML")]
    [InlineData("page.htm", false, "page.htm")]
    public void A_page_gets_an_html_extension(string given, bool isFolder, string expected)
    {
        string root = Path.GetFullPath(Path.GetTempPath());
        GalleryFile.PathOf(Path.Combine(root, given), isFolder).ShouldBe(Path.Combine([root, .. expected.Split('/')]));
    }

    [Theory]
    [InlineData("run.jsonl", "run")]
    [InlineData("prompts.csv.ledger.jsonl", "prompts")]
    [InlineData("kites.html", "kites")]
    [InlineData("v1.2.html", "v1.2")]
    [InlineData(".jsonl", ".jsonl")]
    [InlineData("autumn/index.html", "autumn")]
    public void The_title_comes_from_the_file_or_folder_name(string path, string expected) =>
        GalleryFile.TitleOf(Path.Combine([Path.GetTempPath(), .. path.Split('/')])).ShouldBe(expected);

    [Fact]
    public void A_repeated_video_keeps_its_position_with_its_latest_state()
    {
        Video nameless = new() { Prompt = "n" };
        GalleryItems items = [];
        foreach (
            Video video in new[]
            {
                new Video { Id = "a", Prompt = "1" },
                nameless,
                new Video { Prompt = "m" },
                new Video { Id = "a", Prompt = "2" },
                nameless,
            })
        {
            items.Add(new GalleryItem(video, new Hashtable()));
        }

        items.Select(item => item.Video.Prompt).ShouldBe(["2", "n", "m"]);
    }
}
