using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

/// <summary>A remote API cannot make this machine download anything from itself or its private networks.</summary>
public sealed class DownloadInsideTests : DownloadTest
{
    [Theory]
    [InlineData("https://127.0.0.1/a.mp4", true)]
    [InlineData("https://2130706433/a.mp4", true)]
    [InlineData("https://0x7f.1/a.mp4", true)]
    [InlineData("https://0.0.0.0/a.mp4", true)]
    [InlineData("https://LOCALHOST/a.mp4", true)]
    [InlineData("https://localhost./a.mp4", true)]
    [InlineData("https://printer.localhost/a.mp4", true)]
    [InlineData("https://10.1.2.3/a.mp4", true)]
    [InlineData("https://100.100.100.200/a.mp4", true)]
    [InlineData("https://169.254.169.254/latest/meta-data/", true)]
    [InlineData("https://172.31.255.255/a.mp4", true)]
    [InlineData("https://192.168.0.1:8443/a.mp4", true)]
    [InlineData("https://[::]/a.mp4", true)]
    [InlineData("https://[::1]/a.mp4", true)]
    [InlineData("https://[fe80::1]/a.mp4", true)]
    [InlineData("https://[fd00:ec2::254]/a.mp4", true)]
    [InlineData("https://[::ffff:169.254.169.254]/a.mp4", true)]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/a.mp4", true)]
    [InlineData("https://172.32.0.1/a.mp4", false)]
    [InlineData("https://8.8.8.8/a.mp4", false)]
    [InlineData("https://[2606:4700::1111]/a.mp4", false)]
    [InlineData("https://media.chuizi.ai/a.mp4", false)]
    [InlineData("https://localhost.chuizi.ai/a.mp4", false)]
    [InlineData("https://10.1.2.3.chuizi.ai/a.mp4", false)]
    public void Addresses_of_this_machine_and_its_networks_are_recognized(string address, bool isInside) =>
        PrivateNetwork.Contains(new Uri(address)).ShouldBe(isInside);

    [Fact]
    public async Task An_address_on_this_machine_from_a_remote_API_is_not_requested()
    {
        RawServer server = Serve(_ => RawReply.Of(200, Mp4.Make()));
        foreach (Uri address in new[] { server.Address, new Uri("https://169.254.169.254/a.mp4"), new Uri("https://192.168.1.1/a.mp4") })
        {
            ChuiziException exception = await Should.ThrowAsync<ChuiziException>(
                () => new VideoDownloader(new DownloadOptions { Clock = Leaping })
                    .SaveAsync(new DownloadRequest(address, Path), null, CancellationToken.None));

            exception.Kind.ShouldBe(ChuiziErrorKind.UnsafeAddress);
        }

        server.Requests.ShouldBeEmpty();
        Target.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_is_shown_without_its_query_which_may_be_a_signature()
    {
        RawReply[] replies = [RawReply.Of(403, []), RawReply.Of(200, "<html></html>"u8.ToArray(), "Content-Type: text/html"), new RawReply([], Close: true)];
        foreach (RawReply reply in replies)
        {
            RawServer server = Serve(_ => reply);
            ChuiziException exception = await FailAsync(new Uri(server.Address, "/a.mp4?signature=hidden"), retries: 0);

            exception.Message.ShouldContain("/a.mp4");
            exception.ToString().ShouldNotContain("hidden");
        }

        (await FailAsync(new Uri("http://media.chuizi.ai/a.mp4?signature=hidden"))).Message.ShouldNotContain("hidden");
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public async Task A_link_with_the_name_of_the_file_is_replaced_and_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Symbolic links require special permissions on Windows.");
        (_, Uri address) = await MakeAsync();
        using TempFolder elsewhere = new();
        string precious = elsewhere.Write("precious", [1, 2, 3]);
        File.CreateSymbolicLink(Path, precious);

        (await Should.ThrowAsync<ChuiziException>(() => SaveAsync(address))).Kind.ShouldBe(ChuiziErrorKind.FileExists);
        ShouldHave(await SaveAsync(address, overwrite: true), await ReferenceAsync(address));

        new FileInfo(Path).LinkTarget.ShouldBeNull();
        File.ReadAllBytes(precious).ShouldBe([1, 2, 3]);
    }
}
