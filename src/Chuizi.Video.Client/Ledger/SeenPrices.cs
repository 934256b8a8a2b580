namespace Chuizi.Video.Client.Ledger;

/// <summary>
/// What the videos seen so far cost, in USD: the highest cost by origin, model, length and resolution, and the last cost of each model.
/// </summary>
internal sealed class SeenPrices
{
    private readonly Dictionary<(string Origin, string Model, int? Duration, string? Resolution), decimal> _exact = [];
    private readonly Dictionary<(string Origin, string Model, int? Duration), decimal> _rough = [];
    private readonly Dictionary<(string Origin, string Model), (DateTime At, int? Duration, decimal Cost)> _last = [];

    /// <summary>The models that videos of an origin were generated with.</summary>
    public IEnumerable<string> Models(string origin) => _last.Keys.Where(seen => seen.Origin == origin).Select(seen => seen.Model);

    /// <summary>
    /// The length and the cost of the model's video that was submitted last. A cost of 0 counts only if there are no others. Null without a
    /// video.
    /// </summary>
    public (int? Duration, decimal Cost)? Last(string origin, string model) =>
        _last.TryGetValue((origin, model), out (DateTime At, int? Duration, decimal Cost) last) ? (last.Duration, last.Cost) : null;

    /// <summary>
    /// The highest cost seen for a model and length at this resolution or, if none was seen there, at any; null if none was.
    /// </summary>
    public decimal? Find(string origin, string model, int? duration, string? resolution) =>
        _exact.TryGetValue((origin, model, duration, resolution), out decimal exact) ? exact
        : _rough.TryGetValue((origin, model, duration), out decimal rough) ? rough : null;

    /// <summary>
    /// Adds the cost of a video. One of 0 is probably a missing one: as a price, it would make the spending limit useless.
    /// </summary>
    internal void Add(string origin, string model, int? duration, string? resolution, decimal cost, DateTime at = default)
    {
        if (cost <= 0)
        {
            _last.TryAdd((origin, model), default);
            return;
        }

        _exact[(origin, model, duration, resolution)] = Math.Max(cost, _exact.GetValueOrDefault((origin, model, duration, resolution)));
        _rough[(origin, model, duration)] = Math.Max(cost, _rough.GetValueOrDefault((origin, model, duration)));
        if (at >= _last.GetValueOrDefault((origin, model)).At)
        {
            _last[(origin, model)] = (at, duration, cost);
        }
    }
}
