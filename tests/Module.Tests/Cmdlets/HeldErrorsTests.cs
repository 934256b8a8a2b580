namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>Held errors belong to one pipeline, and end it after all output.</summary>
public sealed class HeldErrorsTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Under_Stop_a_refused_row_ends_the_call_only_after_every_row_is_output()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Code = "validation_error",
                Message = "no",
                Route = SandboxRoute.Submit,
            });
        Outcome outcome = _shell.Run(
            """
            try { 'a', 'b', 'c', 'd' | New-ChuiziVideo -ThrottleLimit 1 -ErrorAction Stop | ForEach-Object { if ($_.Id) { $_ | Wait-ChuiziVideo } } } catch { "caught $($_.FullyQualifiedErrorId)" }
            """);

        outcome.Output.Count.ShouldBe(4);
        outcome.Output[^1].ToString().ShouldStartWith("caught RequestRejected,");
    }

    [Fact]
    public void A_held_error_does_not_affect_a_later_pipeline()
    {
        _shell.Server.Faults.Add(
            new SandboxFault
            {
                Kind = FaultKind.Status,
                Status = 400,
                Code = "validation_error",
                Message = "no",
                Route = SandboxRoute.Submit,
            });
        _shell.Run("$v = 'a', 'b', 'c' | New-ChuiziVideo -ThrottleLimit 1 -ErrorAction Stop | Select-Object -First 2");

        _shell.Run("$v[1] | Wait-ChuiziVideo").ShouldBeClean().Texts("Status").ShouldBe(["succeeded"]);
    }
}
