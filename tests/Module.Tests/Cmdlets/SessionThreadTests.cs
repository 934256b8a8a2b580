namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>The engine's session state is not thread-safe, so only the pipeline thread reads it.</summary>
[Trait("Speed", "Medium")]
public sealed class SessionThreadTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("VerbosePreference")]
    [InlineData("DebugPreference")]
    public void Only_the_pipeline_thread_reads_a_preference_variable(string name)
    {
        WatchedVariable preference = new(name, ActionPreference.Continue);
        Outcome outcome = _shell.Run(
            "param($variable) $all = $ExecutionContext.SessionState.PSVariable; $all.Remove($variable.Name); $all.Set($variable); $thread = [Environment]::CurrentManagedThreadId; 1..20 | ForEach-Object { \"p$_\" } | New-ChuiziVideo | Wait-ChuiziVideo -PollInterval 0.1 | Save-ChuiziVideo . | ForEach-Object { $thread }",
            ("variable", preference));

        outcome.Output.Count.ShouldBe(20);
        preference.Threads.Count.ShouldBeGreaterThan(2);
        preference.Threads.Distinct().ShouldBe([(int)outcome.Output[0].BaseObject]);
    }
}
