using System.Net;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Sandbox;

public sealed class FaultScriptTests : SandboxTest
{
    [Fact]
    public async Task Skip_and_times_count_matching_requests()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Route = SandboxRoute.Models, Skip = 2, Times = 3 });
        (await StatusesAsync(client, "/models", 4)).ShouldBe([200, 200, 500, 500]);
        (await StatusesAsync(client, "/key/info", 2)).ShouldBe([200, 200]);
        client.Server.Faults.Pending.Count.ShouldBe(1);
        (await StatusesAsync(client, "/models", 3)).ShouldBe([500, 200, 200]);
        client.Server.Faults.Pending.ShouldBeEmpty();
        client.Server.Faults.Injected.ShouldBe(3);
    }

    [Fact]
    public async Task Faults_apply_in_order()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 503, Times = 2 });
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 502 });
        (await StatusesAsync(client, "/models", 4)).ShouldBe([503, 503, 502, 200]);
    }

    [Fact]
    public async Task A_condition_selects_the_requests()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Times = int.MaxValue,
                Match = request => request.Path.EndsWith('y'),
            });
        (await StatusesAsync(client, "/models?x", 1)).ShouldBe([200]);
        (await StatusesAsync(client, "/models?y", 3)).ShouldBe([500, 500, 500]);
        client.Server.Faults.Pending.Count.ShouldBe(1);
        client.Server.Faults.Clear();
        (await StatusesAsync(client, "/models?y", 1)).ShouldBe([200]);
        client.Server.Faults.Injected.ShouldBe(3);
    }

    [Fact]
    public async Task A_condition_that_throws_is_an_error_of_the_sandbox()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(
            new SandboxFault { Kind = FaultKind.Slow, Match = _ => throw new InvalidOperationException("my mistake") });
        using HttpResponseMessage response = await client.GetAsync("/models");
        (await SandboxClient.ErrorAsync(response, HttpStatusCode.InternalServerError)).Message.ShouldContain("my mistake");
    }

    [Fact]
    public async Task A_fault_is_not_used_up_by_a_request_that_it_cannot_affect()
    {
        (SandboxClient client, string id) = await StartFinishedAsync();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.UnknownStatusWord });
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.ChangedETag });
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.RangeIgnored });
        (await StatusesAsync(client, "/models", 3)).ShouldBe([200, 200, 200]);
        client.Server.Faults.Pending.Count.ShouldBe(3);
        (await StatusesAsync(client, $"/videos/{id}", 2)).ShouldBe([200, 200]);
        client.Server.Faults.Pending.Select(fault => fault.Kind).ShouldBe([FaultKind.ChangedETag, FaultKind.RangeIgnored]);
        (await StatusesAsync(client, $"/videos/{id}.mp4", 2)).ShouldBe([200, 200]);
        client.Server.Faults.Pending.Select(fault => fault.Kind).ShouldBe([FaultKind.RangeIgnored]);
    }

    [Fact]
    public async Task Simultaneous_requests_use_up_a_fault_once()
    {
        SandboxClient client = Start();
        client.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Times = 7 });
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetAsync("/models")));
        responses.Count(response => response.StatusCode == HttpStatusCode.InternalServerError).ShouldBe(7);
    }

    private static async Task<int[]> StatusesAsync(SandboxClient client, string path, int count)
    {
        int[] statuses = new int[count];
        for (int index = 0; index < count; index++)
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            statuses[index] = (int)response.StatusCode;
        }

        return statuses;
    }
}
