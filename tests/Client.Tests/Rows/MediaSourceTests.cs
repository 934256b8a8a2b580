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
            (await reading.WaitAsync(Eventually.Patience)).Message.ShouldEndWith(
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

    [Fact]
    public void The_content_of_a_file_is_its_type_and_hash()
    {
        using TempFolder folder = new();
        byte[] picture = Images.Png(640, 480);
        string hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(picture)).ToLowerInvariant();
        Read(folder.Write("a.png", picture)).Content.ShouldBe($"data:image/png;sha256,{hash}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_changed_after_the_check_is_refused(bool isLonger)
    {
        using TempFolder folder = new();
        string path = folder.Write("a.png", Images.Png(640, 480));
        MediaSource image = Read(path);
        image.EnsureUnchanged();
        DateTime written = File.GetLastWriteTimeUtc(path);
        File.WriteAllBytes(path, Images.Png(480, 640, isLonger ? 65 : 64));
        File.SetLastWriteTimeUtc(path, isLonger ? written : written.AddSeconds(10));

        string expected = $"'{path}' changed after the list was checked.";
        Should.Throw<IOException>(() => image.Content).Message.ShouldBe(expected);
        Should.Throw<IOException>(image.EnsureUnchanged).Message.ShouldBe(expected);
        Should.Throw<IOException>(() => RequestBody.Of(new VideoRequest { Model = "m", Prompt = "p", Image = image })).Message
            .ShouldBe(expected);
    }

    [Theory]
    [InlineData("clip.mp4", false)]
    [InlineData("data:video/mp4;base64,QUJD", false)]
    [InlineData("DATA:video/mp4;base64,QUJD", true)]
    public void A_video_that_the_API_cannot_download_is_refused_with_the_way_out(string text, bool isPublished) =>
        Should.Throw<FormatException>(() => MediaSource.ReadVideo("SourceVideo", text, isPublished ? path => path : null)).Message.ShouldBe(
            $"SourceVideo '{text}' is not an http or https URL. The API downloads the video itself. To use a local file, specify -Publish.");

    [Fact]
    public void A_local_video_is_read_if_it_can_be_published()
    {
        using TempFolder folder = new();
        string path = folder.Write("clip.mp4", [1, 2, 3]);
        MediaSource video = MediaSource.ReadVideo("SourceVideo", "clip.mp4", folder.Of);
        (video.Value, video.IsFile, video.MediaType).ShouldBe((path, true, "video/mp4"));
        video.File.ShouldBe(new ImageInfo("video/mp4", 3, null, null));
    }

    [Fact]
    public void A_URL_whose_signature_was_masked_is_refused() =>
        Message("https://a/1.png?sig=***").ShouldBe("Image 'https://a/1.png?sig=***' has a masked signature. Specify the complete URL.");

    [Fact]
    public void A_missing_file_is_known_by_its_path_but_a_URL_is_never_missing()
    {
        MediaSource missing = MediaSource.Missing("a.png", name => "/full/" + name).ShouldNotBeNull();
        (missing.Value, missing.IsFile, missing.IsMissing).ShouldBe(("/full/a.png", false, true));
        MediaSource.Missing("https://a/1.png", name => name).ShouldBeNull();
        MediaSource.Missing("DATA:image/png;base64,QUJD", name => name).ShouldBeNull();
    }

    public static TheoryData<Exception> NoPath =>
        [new IOException(), new UnauthorizedAccessException(), new ArgumentException("x"), new NotSupportedException()];

    [Theory]
    [MemberData(nameof(NoPath))]
    public void What_can_be_no_path_is_no_missing_file(Exception exception) =>
        MediaSource.Missing("a.png", _ => throw exception).ShouldBeNull();

    [Fact]
    public void Only_a_data_URL_of_more_than_80_characters_is_shortened_for_display()
    {
        string data = "data:image/png;base64,";
        string longest = data + new string('A', 80 - data.Length);
        Read(longest).ToString().ShouldBe(longest);
        Read(longest + "B").ToString().ShouldBe(longest + "…");
        string address = "https://a/" + new string('a', 100);
        Read(address).ToString().ShouldBe(address);
    }

    private static MediaSource Read(string text) => MediaSource.Read("Image", text, Path.GetFullPath);

    private static string Message(string text) => Should.Throw<FormatException>(() => Read(text)).Message;
}
