using Chuizi.Video.Client.Api;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Api;

public sealed class PrivateNetworkTests
{
    // The first and the last address of each network, and their neighbors outside.
    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("0.255.255.255", true)]
    [InlineData("1.0.0.0", false)]
    [InlineData("9.255.255.255", false)]
    [InlineData("10.0.0.0", true)]
    [InlineData("10.255.255.255", true)]
    [InlineData("11.0.0.0", false)]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.64.0.0", true)]
    [InlineData("100.127.255.255", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("126.255.255.255", false)]
    [InlineData("127.0.0.0", true)]
    [InlineData("127.255.255.255", true)]
    [InlineData("128.0.0.0", false)]
    [InlineData("169.253.255.255", false)]
    [InlineData("169.254.0.0", true)]
    [InlineData("169.254.255.255", true)]
    [InlineData("169.255.0.0", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.16.0.0", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.167.255.255", false)]
    [InlineData("192.168.0.0", true)]
    [InlineData("192.168.255.255", true)]
    [InlineData("192.169.0.0", false)]
    [InlineData("[::]", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::2]", false)]
    [InlineData("[64:ff9b::]", true)]
    [InlineData("[64:ff9b::ffff:ffff]", true)]
    [InlineData("[64:ff9b::1:0:0]", false)]
    [InlineData("[fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", false)]
    [InlineData("[fc00::]", true)]
    [InlineData("[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", true)]
    [InlineData("[fe00::]", false)]
    [InlineData("[fe7f::1]", false)]
    [InlineData("[fe80::]", true)]
    [InlineData("[febf::1]", true)]
    [InlineData("[fec0::]", true)]
    [InlineData("[feff::1]", true)]
    [InlineData("[ff00::]", false)]
    public void Each_network_is_recognized_from_its_first_to_its_last_address(string host, bool isPrivate) =>
        Contains(host).ShouldBe(isPrivate);

    [Theory]
    [InlineData("[::ffff:10.0.0.1]", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("[::ffff:8.8.8.8]", false)]
    [InlineData("[2606:4700::7f00:1]", false)]
    [InlineData("[2606:4700::a00:1]", false)]
    public void Only_a_mapped_address_counts_as_the_IPv4_address_in_it(string host, bool isPrivate) =>
        Contains(host).ShouldBe(isPrivate);

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LocalHost", true)]
    [InlineData("localhost.", true)]
    [InlineData("printer.localhost", true)]
    [InlineData("Printer.LOCALHOST.", true)]
    [InlineData("localhost.example", false)]
    [InlineData("mylocalhost", false)]
    [InlineData("api.chuizi.ai", false)]
    [InlineData("api.chuizi.ai.", false)]
    [InlineData("127.0.0.1.example", false)]
    public void A_name_counts_as_outside_unless_it_is_localhost(string host, bool isPrivate) => Contains(host).ShouldBe(isPrivate);

    private static bool Contains(string host) => PrivateNetwork.Contains(new Uri($"https://{host}:8443/a.mp4"));
}
