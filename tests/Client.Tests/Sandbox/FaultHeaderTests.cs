using System.Net;
using Chuizi.Video.Sandbox;
using Chuizi.Video.Sandbox.Faults;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class FaultHeaderTests : SandboxTest
{
    public static TheoryData<FaultKind> Kinds => [.. Enum.GetValues<FaultKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_a_name(FaultKind kind)
    {
        string name = FaultHeader.KindNames.ElementAt((int)kind);
        name.ShouldMatch("^[a-z]+(-[a-z]+)*$");
        name.Replace("-", "", StringComparison.Ordinal).ShouldBe(kind.ToString(), StringCompareShould.IgnoreCase);
        FaultHeader.TryParse(name, out SandboxFault? fault, out _).ShouldBeTrue();
        fault!.Kind.ShouldBe(kind);
    }

    [Fact]
    public void Settings_follow_the_kind()
    {
        FaultHeader.TryParse(
            "Changed-ETag ; status=503;retry-after=1.5; at=1000; delay=0.5; word=rendering; code=c; message=a = b; location=http://x/y",
            out SandboxFault? fault,
            out _).ShouldBeTrue();
        fault!.Kind.ShouldBe(FaultKind.ChangedETag);
        fault.Status.ShouldBe(503);
        fault.RetryAfter.ShouldBe(TimeSpan.FromSeconds(1.5));
        fault.At.ShouldBe(1000);
        fault.Delay.ShouldBe(TimeSpan.FromSeconds(0.5));
        fault.Word.ShouldBe("rendering");
        fault.Code.ShouldBe("c");
        fault.Message.ShouldBe("a = b");
        fault.Location.ShouldBe(new Uri("http://x/y"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("explode")]
    [InlineData("slow; delay=soon")]
    [InlineData("slow; delay=-1")]
    [InlineData("slow; delay=9999999999999999999")]
    [InlineData("slow; delay=NaN")]
    [InlineData("slow; delay=Infinity")]
    [InlineData("status; retry-after=NaN")]
    [InlineData("truncated; at=-5")]
    [InlineData("status; status=99")]
    [InlineData("status; stats=503")]
    [InlineData("redirect-http; location=nowhere")]
    public async Task An_invalid_header_is_reported_and_creates_no_job(string value)
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync(fault: value);
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.BadRequest)).Message.ShouldContain("X-Sandbox-Fault");
        client.Server.Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_fault_header_affects_only_its_own_request()
    {
        SandboxClient client = Start();
        using HttpResponseMessage response = await client.SubmitAsync(fault: "status; status=503; retry-after=3");
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.ServiceUnavailable)).Code.ShouldBe("provider_unavailable");
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(3));
        await client.MakeAsync();
        client.Server.Faults.Injected.ShouldBe(1);
        client.Server.Requests[0].Fault.ShouldBe("Status");
    }
}
