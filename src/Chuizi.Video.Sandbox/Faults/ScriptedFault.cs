namespace Chuizi.Video.Sandbox;

/// <summary>A fault and how often it has been met.</summary>
internal sealed class ScriptedFault(SandboxFault fault)
{
    private int _passed;
    private int _hits;

    public SandboxFault Fault { get; } = fault;

    public bool IsSpent => _hits >= Fault.Times;

    /// <summary>Counts a matching request; false while it is one of those that pass.</summary>
    public bool Hit()
    {
        if (_passed < Fault.Skip)
        {
            _passed++;
            return false;
        }

        // A fault that hits always must not wear out by overflow.
        _hits += Fault.Times == int.MaxValue ? 0 : 1;
        return true;
    }
}
