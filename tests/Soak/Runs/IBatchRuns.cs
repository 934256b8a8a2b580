namespace Chuizi.Video.Soak.Runs;

/// <summary>The ways to run a batch.</summary>
internal interface IBatchRuns : IDisposable
{
    /// <summary>Runs it with all that is planned.</summary>
    void Fault();

    /// <summary>Runs it again, with nothing in its way.</summary>
    void Heal();

    /// <summary>Collects what is told after the end of a run.</summary>
    void Settle();
}
