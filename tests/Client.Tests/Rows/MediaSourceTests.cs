using Chuizi.Video.Client.Rows;
using Chuizi.Video.Client.Tests.Support;
using CsCheck;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Rows;

public sealed class MediaSourceTests
{
    [Theory]
    [InlineData("https://example.com/a.png", "https://example.com/a.png")]
    [InlineData("HTTP://Example.com/a b.png?x=1", "http://example.com/a%20b.png?x=1")]
    [InlineData("https://example.com/a%20b.png?sig=%2B%2F", "https://example.com/a%20b.png?sig=%2B%2F")]
    [InlineData("data:image/png;base64,QUJD", "data:image/png;base64,QUJD")]
    [InlineData("DATA:image/svg+xml;base64,QQ==", "DATA:image/svg+xml;base64,QQ==")]
    public void A_URL_or_data_URL_is_sent_unchanged(string text, string expected)
    {
        MediaSource image = Read(text);
        image.IsFile.ShouldBeFalse();
        image.MediaType.ShouldBeNull();
        image.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("ftp://example.com/a.png")]
    [InlineData("file:///a.png")]
    [InlineData("https://")]
    [InlineData("https:///a.png")]
    [InlineData("s3://bucket/a.png")]
    public void Another_kind_of_URL_is_refused_by_name(string text) =>
        Message(text).ShouldBe($"Image '{text}' is not an http or https URL or a local file. Use one of these.");

    [Theory]
    [InlineData("data:")]
    [InlineData("data:image/png;base64,")]
    [InlineData("data:image/png,abc")]
    [InlineData("data:text/plain;base64,QUJD")]
    [InlineData("data:image/png;base64,QUJD!")]
    [InlineData("data:image/png;base64,QU JD")]
    [InlineData("data:image/png;base64,QUJD\nx")]
    public void A_data_URL_that_is_not_an_image_is_rejected_by_name(string text) =>
        Message(text).ShouldStartWith($"Image {ValueReader.Quote(text)} is not a valid image data URL");

    [Fact]
    public void A_link_to_an_image_has_the_content_of_that_image()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links require special permissions on Windows.");
        using TempFolder folder = new();
        string target = folder.Write("target.png", Images.Png(640, 480));
        File.SetLastWriteTimeUtc(target, DateTime.UtcNow.AddDays(-3));
        File.CreateSymbolicLink(folder.Of("link.png"), target);

        MediaSource link = MediaSource.Read("Image", folder.Of("link.png"), Path.GetFullPath);

        link.Content.ShouldBe(MediaSource.Read("Image", target, Path.GetFullPath).Content);
    }

    [Fact]
    public async Task A_pipe_is_rejected_as_an_image_without_blocking()
    {
        using TempFolder folder = new();
        folder.MakePipe("pipe.png");
        File.CreateSymbolicLink(folder.Of("link.png"), folder.Of("pipe.png"));
        foreach (string name in new[] { "pipe.png", "link.png" })
        {
            Task<FormatException> reading = Task.Run(() =>
                Should.Throw<FormatException>(() => MediaSource.Read("Image", folder.Of(name), Path.GetFullPath)));
            (await reading.WaitAsync(TimeSpan.FromMinutes(2))).Message.ShouldEndWith(
                " is empty or not a regular file.");
        }
    }

    [Fact]
    public void A_local_file_is_found_and_its_type_read_from_its_content()
    {
        using TempFolder folder = new();
        string path = folder.Write("ünïcödé (1).txt", Images.Jpeg(800, 600));
        MediaSource image = MediaSource.Read("Image", "ünïcödé (1).txt", folder.Of);
        image.Value.ShouldBe(path);
        image.ToString().ShouldBe(path);
        image.MediaType.ShouldBe("image/jpeg");
        (image.File!.Width, image.File.Height).ShouldBe((800, 600));
        MediaSource.Read("Image", new FileInfo(path), Path.GetFullPath).Value.ShouldBe(path);
    }

    // Outside Windows, a drive or share path is an odd file name, not a URL.
    [Theory]
    [InlineData("C:\\pictures\\a.png")]
    [InlineData("C:/pictures/a.png")]
    [InlineData("\\\\server\\share\\a.png")]
    [InlineData("a.png")]
    [InlineData("./a.png")]
    [InlineData("mailto:a.png")]
    [InlineData("no\u0001such.png")]
    public void A_missing_file_is_reported_with_its_path(string text)
    {
        using TempFolder folder = new();
        string message = Should.Throw<FormatException>(() => MediaSource.Read("ReferenceImage", text, folder.Of)).Message;
        message.ShouldStartWith($"ReferenceImage file not found: {ValueReader.Quote(folder.Of(text))}");
    }

    [Fact]
    public void A_folder_and_a_locked_file_are_reported_with_the_reason()
    {
        using TempFolder folder = new();
        Message(folder.Path).ShouldStartWith($"Image {ValueReader.Quote(folder.Path)} cannot be read: ");
        Message("a\0b").ShouldStartWith("Image 'a b' cannot be read: ");

        string path = folder.Write("locked.png", Images.Png(1, 1));
        using FileStream locked = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Message(path).ShouldContain("cannot be read: ");
    }

    [Fact]
    public void A_file_without_permission_is_reported_with_the_reason()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not restrict this user.");
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(1, 1));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        Message(path).ShouldContain("cannot be read: ");
    }

    [Fact]
    public void A_data_URL_is_truncated_for_display()
    {
        string text = "data:image/png;base64," + new string('A', 100_000);
        MediaSource image = Read(text);
        image.Value.ShouldBe(text);
        image.ToString().Length.ShouldBe(81);
    }

    [Fact]
    public void Any_text_is_an_image_or_a_readable_error()
    {
        using TempFolder folder = new();
        Gen.OneOf(
                Gen.String,
                Gen.Select(
                    Gen.OneOf("https://", "data:image/png;base64,", "http://[", "C:\\", "://", "x://"),
                    Gen.String,
                    (start, rest) => start + rest))
            .Where(text => !ValueReader.IsBlank(text))
            .Sample(text =>
            {
                try
                {
                    MediaSource.Read("Image", text, name => Path.Combine(folder.Path, name)).Value.ShouldNotBeEmpty();
                }
                catch (FormatException exception)
                {
                    exception.Message.ShouldStartWith("Image ");
                }
            });
    }

    private static MediaSource Read(string text) => MediaSource.Read("Image", text, Path.GetFullPath);

    private static string Message(string text) => Should.Throw<FormatException>(() => Read(text)).Message;
}
