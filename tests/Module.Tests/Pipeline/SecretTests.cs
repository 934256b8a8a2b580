namespace Chuizi.Video.Module.Tests.Pipeline;

/// <summary>The key is in no stream, object, error or serialised form.</summary>
public sealed class SecretTests
{
    private static readonly string s_key = "ck-" + string.Concat(Enumerable.Repeat("Zq7x", 8));

    [Fact]
    public void The_key_is_nowhere()
    {
        using Shell shell = new(new SandboxOptions { ApiKey = s_key, GenerationTime = TimeSpan.Zero, Balance = 100 });
        shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 500, Message = "your key " + s_key, Route = SandboxRoute.Poll, Times = 1 });
        shell.Server.Faults.Add(new SandboxFault { Kind = FaultKind.Status, Status = 400, Message = "your key " + s_key, Route = SandboxRoute.Submit, Times = 1, Skip = 1 });
        Outcome outcome = shell.Run("""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            'a', 'b', 'forbidden' | New-ChuiziVideo -ThrottleLimit 1 | Wait-ChuiziVideo -PollInterval 0.05 | Save-ChuiziVideo
            Get-ChuiziVideoAccount
            Get-ChuiziVideo vid-nowhere
            Get-ChuiziVideoModel -Online
            Connect-ChuiziVideo ck-wrong000000000000000000000000000 -BaseUri http://example.com
            """);

        outcome.Errors.Count.ShouldBeGreaterThan(2);
        string[] all =
        [
            .. outcome.Output.Select(item => PSSerializer.Serialize(item, 5)),
            .. outcome.Errors.Select(error => PSSerializer.Serialize(error, 5) + error.Exception + error.ErrorDetails?.Message),
            .. outcome.Warnings,
            .. outcome.Verbose,
            .. outcome.Progress.Select(record => record.ToString()),
        ];
        all.ShouldNotBeEmpty();
        all.ShouldAllBe(text => !text.Contains(s_key, StringComparison.OrdinalIgnoreCase));
    }
}
