namespace Chuizi.Video.Soak.Runs;

/// <summary>A way to run a batch.</summary>
internal interface IBatchRuns : IDisposable
{
    /// <summary>Runs the batch with all planned faults and mishaps.</summary>
    void Fault();

    /// <summary>Runs the batch again without faults.</summary>
    void Heal();

    /// <summary>Collects the messages after the end of a run.</summary>
    void Settle();
}
