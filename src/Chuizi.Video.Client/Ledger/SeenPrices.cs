namespace Chuizi.Video.Client.Ledger;

/// <summary>What videos have cost, in USD: by origin, model and length.</summary>
internal sealed class SeenPrices
{
    private readonly Dictionary<(string Origin, string Model, int? Duration, string? Resolution), decimal> _exact = [];
    private readonly Dictionary<(string Origin, string Model, int? Duration), decimal> _rough = [];

    /// <summary>
    /// The highest cost seen of that model and length, at that resolution or, where none was seen, at any; null where none was.
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
