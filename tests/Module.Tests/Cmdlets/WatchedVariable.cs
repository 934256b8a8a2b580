using System.Collections.Concurrent;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>A variable that records which threads read it.</summary>
internal sealed class WatchedVariable(string name, object value) : PSVariable(name, value)
{
    /// <summary>The ids of the threads, one for each read.</summary>
    public ConcurrentBag<int> Threads { get; } = [];

    /// <inheritdoc/>
    public override object Value
    {
        get
        {
            // The base constructor reads the value before Threads is set.
            Threads?.Add(Environment.CurrentManagedThreadId);
            return base.Value;
        }

        set => base.Value = value;
    }
}
