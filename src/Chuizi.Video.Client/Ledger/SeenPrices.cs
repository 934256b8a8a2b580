namespace Chuizi.Video.Client.Ledger;

/// <summary>The costs of videos seen so far, in USD, by origin, model and length.</summary>
internal sealed class SeenPrices
{
    private readonly Dictionary<(string Origin, string Model, int? Duration, string? Resolution), decimal> _exact = [];
    private readonly Dictionary<(string Origin, string Model, int? Duration), decimal> _rough = [];

    /// <summary>
    /// The highest cost seen for a model and length at this resolution or, if none was seen there, at any; null if none was.
    /// </summary>
    public decimal? Find(string origin, string model, int? duration, string? resolution) =>
        _exact.TryGetValue((origin, model, duration, resolution), out decimal exact) ? exact
        : _rough.TryGetValue((origin, model, duration), out decimal rough) ? rough : null;

    internal void Add(string origin, string model, int? duration, string? resolution, decimal cost)
    {
        _exact[(origin, model, duration, resolution)] = Math.Max(cost, _exact.GetValueOrDefault((origin, model, duration, resolution)));
        _rough[(origin, model, duration)] = Math.Max(cost, _rough.GetValueOrDefault((origin, model, duration)));
    }
}
