namespace Chuizi.Video.Module.Cmdlets;

/// <summary>Runs actions that arrive in any order in the order of their positions. Use only on the pipeline thread.</summary>
internal sealed class Resequencer
{
    private readonly Dictionary<int, Action> _early = [];
    private int _next;

    /// <summary>Runs <paramref name="write"/> as soon as all positions before <paramref name="place"/> are done.</summary>
    public void Add(int place, Action write)
    {
        _early.Add(place, write);
        while (_early.Remove(_next, out Action? due))
        {
            _next++;
            due();
        }
    }

    /// <summary>Runs the remaining actions, even if positions before them are missing.</summary>
    public void Flush()
    {
        foreach (int place in _early.Keys.Order().ToArray())
        {
            _early.Remove(place, out Action? due);
            due!();
        }
    }
}
