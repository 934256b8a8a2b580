using System.Collections.Concurrent;

namespace Chuizi.Video.Module.Tests.Cmdlets;

/// <summary>A variable that notes which threads look at it.</summary>
internal sealed class WatchedVariable(string name, object value) : PSVariable(name, value)
{
    /// <summary>The threads.</summary>
    public ConcurrentBag<int> Threads { get; } = [];

    /// <inheritdoc/>
    public override object Value
    {
        get
        {
            // The base's constructor asks as well.
            Threads?.Add(Environment.CurrentManagedThreadId);
            return base.Value;
        }

        set => base.Value = value;
    }
}
