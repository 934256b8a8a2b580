using Chuizi.Video.Sandbox.Faults;

namespace Chuizi.Video.Sandbox;

/// <summary>The faults to inject into the next requests. Thread-safe, also while requests are served.</summary>
public sealed class FaultScript
{
    private readonly object _gate = new();
    private readonly List<FaultCounter> _faults = [];
    private int _injected;

    /// <summary>The number of faults injected so far, from this script or from <c>X-Sandbox-Fault</c> headers.</summary>
    public int Injected => Volatile.Read(ref _injected);

    /// <summary>The faults that can still apply, in the order in which they were added.</summary>
    public IReadOnlyList<SandboxFault> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(counter => counter.Fault)];
            }
        }
    }

    /// <summary>Adds a fault. The first fault that matches a request applies.</summary>
    public void Add(SandboxFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
        {
            if (fault.Times > 0)
            {
                _faults.Add(new FaultCounter(fault));
            }
        }
    }

    /// <summary>Removes all pending faults.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The fault for this request, which is then counted; null for none.</summary>
    internal SandboxFault? Take(RecordedRequest request)
    {
        lock (_gate)
        {
            for (int index = 0; index < _faults.Count; index++)
            {
                FaultCounter counter = _faults[index];
                if (!FaultScope.Covers(counter.Fault, request) || !counter.Hit())
                {
                    continue;
                }

                if (counter.IsSpent)
                {
                    _faults.RemoveAt(index);
                }

                CountInjected();
                return counter.Fault;
            }

            return null;
        }
    }

    internal void CountInjected() => Interlocked.Increment(ref _injected);
}
