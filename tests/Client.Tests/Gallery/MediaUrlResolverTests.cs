using Chuizi.Video.Client.Gallery;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Gallery;

public sealed class MediaUrlResolverTests : ClientTest
{
    [Theory]
    [InlineData("a.mp4", "a.mp4")]
    [InlineData("videos/a b.mp4", "videos/a%20b.mp4")]
    [InlineData("x#y.mp4", "x%23y.mp4")]
    [InlineData("%2e%2e/%41.mp4", "%252e%252e/%2541.mp4")]
    [InlineData("javascript&colon;x.mp4", "javascript%26colon%3Bx.mp4")]
    [InlineData("熊猫.mp4", "%E7%86%8A%E7%8C%AB.mp4")]
    [InlineData("it's.mp4", "it%27s.mp4")]
    public void The_URL_of_a_file_is_relative_and_escaped(string name, string address)
    {
        TempFolder folder = Folder();
        new MediaUrlResolver(folder.Of("page.html"), _ => true).Source(folder.Of(name), out bool elsewhere).ShouldBe(address);
        elsewhere.ShouldBeFalse();
    }

    [Fact]
    public void A_file_above_the_page_has_a_relative_URL()
    {
        TempFolder folder = Folder();
        new MediaUrlResolver(folder.Of(Path.Combine("pages", "deep", "index.html")), _ => true)
            .Source(folder.Of("a.mp4"), out _)
            .ShouldBe("../../a.mp4");
    }

    [Fact]
    public void A_missing_file_has_no_URL()
    {
        TempFolder folder = Folder();
        new MediaUrlResolver(folder.Of("page.html"), File.Exists).Source(folder.Of("a.mp4"), out bool elsewhere).ShouldBeNull();
        elsewhere.ShouldBeFalse();
        new MediaUrlResolver(folder.Of("page.html"), File.Exists).Source(folder.Write("a.mp4", "x"u8), out _).ShouldBe("a.mp4");
    }

    [Theory]
    [InlineData("a.PNG", true)]
    [InlineData("a.jpeg", true)]
    [InlineData("a.svg", false)]
    [InlineData("passwd", false)]
    public void Only_picture_files_are_shown_as_pictures(string name, bool isShown)
    {
        TempFolder folder = Folder();
        MediaUrlResolver media = new(folder.Of("page.html"), _ => true);
        media.Picture(folder.Of(name)).ShouldBe(isShown ? name : null);
        media.Picture("https://example.com/" + name).ShouldBeNull();
    }

    // Opening a path on a server sends it the user's credentials, so even checking whether the file exists is not safe.
    [Theory]
    [InlineData(@"\\server\share\a.mp4")]
    [InlineData(@"//server/share/a.mp4")]
    [InlineData(@"\\?\UNC\server\share\a.mp4")]
    [InlineData(@"\\.\pipe\a.mp4")]
    [InlineData(@"Q:\a.mp4")]
    [InlineData("a.mp4")]
    [InlineData("../a.mp4")]
    [InlineData("/tmp/a\0.mp4")]
    public void A_path_on_another_drive_or_share_is_not_accessed(string path)
    {
        Assert.SkipWhen(
            !OperatingSystem.IsWindows() && path.StartsWith("//", StringComparison.Ordinal),
            "On this system, a path with two slashes is a local path.");
        List<string> asked = [];
        new MediaUrlResolver(Folder().Of("page.html"), Asked).Source(path, out bool elsewhere).ShouldBeNull();
        elsewhere.ShouldBeTrue();
        asked.ShouldBeEmpty();

        bool Asked(string file)
        {
            asked.Add(file);
            return true;
        }
    }

    [Theory]
    [InlineData("https://media.example/a.mp4", "https://media.example/a.mp4")]
    [InlineData("http://127.0.0.1:8080/a b.mp4", "http://127.0.0.1:8080/a%20b.mp4")]
    [InlineData("https://media.example/\"onclick=x", "https://media.example/%22onclick=x")]
    [InlineData("http://media.example/a.mp4", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("https://user:secret@media.example/a.mp4", null)]
    [InlineData("videos/a.mp4", null)]
    public void Only_safe_addresses_are_links(string address, string? link) =>
        MediaUrlResolver.Link(new Uri(address, UriKind.RelativeOrAbsolute)).ShouldBe(link);
}
