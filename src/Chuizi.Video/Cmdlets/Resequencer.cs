namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Lets what comes in any order out in the order of its places; for the pipeline thread.</summary>
internal sealed class Resequencer
{
    private readonly Dictionary<int, Action> _early = [];
    private int _next;

    /// <summary>Does <paramref name="write"/> as soon as all places before <paramref name="place"/> have had theirs.</summary>
    public void Add(int place, Action write)
    {
        _early.Add(place, write);
        while (_early.Remove(_next, out Action? due))
        {
            _next++;
            due();
        }
    }

    /// <summary>Does what still waits for a place that nobody took.</summary>
    public void Flush()
    {
        foreach (int place in _early.Keys.Order().ToArray())
        {
            _early.Remove(place, out Action? due);
            due!();
        }
    }
}
