using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Chuizi.Video.Client.Budget;

/// <summary>
/// One <typeparamref name="T"/> per clock and name for the whole process. Values of a test's clock are collected with the clock.
/// </summary>
internal sealed class PerClock<T>
{
    private readonly ConditionalWeakTable<TimeProvider, ConcurrentDictionary<string, T>> _all = [];

    public T Get(TimeProvider clock, string name, Func<T> make) =>
        _all.GetValue(clock, static _ => new(StringComparer.Ordinal))
            .GetOrAdd(name, static (_, make) => make(), make);
}
