namespace Chuizi.Video.Sandbox.Faults;

/// <summary>Counts the requests that a fault has let through and those it has affected. Not thread-safe.</summary>
internal sealed class FaultCounter(SandboxFault fault)
{
    private int _passed;
    private int _hits;

    public SandboxFault Fault { get; } = fault;

    public bool IsSpent => _hits >= Fault.Times;

    /// <summary>Counts a matching request; false if the request is let through.</summary>
    public bool Hit()
    {
        if (_passed < Fault.Skip)
        {
            _passed++;
            return false;
        }

        // Do not count if the fault applies to all requests: the counter could overflow.
        _hits += Fault.Times == int.MaxValue ? 0 : 1;
        return true;
    }
}
