namespace Chuizi.Video.Sandbox;

/// <summary>The faults still to come. Safe to use from any thread, also while requests are served.</summary>
public sealed class FaultScript
{
    private readonly object _gate = new();
    private readonly List<ScriptedFault> _faults = [];
    private int _injected;

    /// <summary>How many requests have been hit, by this script or by their own <c>X-Sandbox-Fault</c> header.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <summary>The faults that may still hit something, in the order in which they were added.</summary>
    public IReadOnlyList<SandboxFault> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(scripted => scripted.Fault)];
            }
        }
    }

    /// <summary>Adds a fault after the others. A request is hit by the first that fits.</summary>
    public void Add(SandboxFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            if (fault.Times > 0)
            {
                _faults.Add(new ScriptedFault(fault));
            }
        }
    }

    /// <summary>Forgets all faults to come.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The fault that hits this request, counted as such; null for none.</summary>
    internal SandboxFault? Take(RecordedRequest request)
    {
        lock (_gate)
        {
            for (int index = 0; index < _faults.Count; index++)
            {
                ScriptedFault scripted = _faults[index];
                if (!FaultScope.Covers(scripted.Fault, request) || !scripted.Hit())
                {
                    continue;
                }

                if (scripted.IsSpent)
                {
                    _faults.RemoveAt(index);
                }

                CountInjected();
                return scripted.Fault;
            }

            return null;
        }
    }

    internal void CountInjected() => Interlocked.Increment(ref _injected);
}
