namespace Chuizi.Video.Client.Models;

/// <summary>An entry of <c>GET /v1/models</c> (API contract, layer 2): any model of the gateway, not only video.</summary>
/// <param name="Name">The model's id.</param>
/// <param name="OwnedBy">Its provider.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Price">The price of one unit in USD, if a single number gives it.</param>
/// <param name="PriceUnit"><c>request</c>, <c>second</c> or <c>token</c>.</param>
internal sealed record ListedModel(string Name, string? OwnedBy, IReadOnlyList<string> Aliases, decimal? Price, string? PriceUnit)
{
    /// <summary>Whether this is a model, by its name or one of the others.</summary>
    public bool Is(string model) =>
        Name.Equals(model, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(model, StringComparer.OrdinalIgnoreCase);
}
