using System.Text.Json;
using Chuizi.Video.Client.Api;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Models;

/// <summary>An entry of <c>GET /v1/models</c> (API contract, layer 2): any model of the gateway, not only video.</summary>
/// <param name="Name">The model's id.</param>
/// <param name="OwnedBy">Its provider.</param>
/// <param name="Aliases">Other names of it.</param>
/// <param name="Price">The price of one unit in USD, where one number says it.</param>
/// <param name="PriceUnit"><c>request</c>, <c>second</c> or <c>token</c>.</param>
public sealed record ListedModel(string Name, string? OwnedBy, IReadOnlyList<string> Aliases, decimal? Price, string? PriceUnit)
{
    internal static IReadOnlyList<ListedModel> ReadAll(ApiReply reply)
    {
        using JsonDocument document = Json.ParseObject(reply);
        if (Json.Find(document.RootElement, "data") is not { ValueKind: JsonValueKind.Array } data)
        {
            throw Json.Malformed(reply, "has no list of models");
        }

        return [.. data.EnumerateArray().Select(Read).OfType<ListedModel>()];
    }

    private static ListedModel? Read(JsonElement entry)
    {
        if (Json.Text(entry, "id") is not { Length: > 0 } name)
        {
            return null;
        }

        string? unit = null;
        decimal? price = null;
        if (Json.Object(entry, "pricing") is { } pricing)
        {
            unit = Json.Text(pricing, "unit");
            // The pages leave open what the one price of a second or a request is called.
            string[] names = ["price", unit ?? "", "per_" + unit, "output", "completion", "amount"];
            price = names.Select(field => Json.Amount(pricing, field)).FirstOrDefault(value => value is not null);
        }

        return new ListedModel(name, Json.Text(entry, "owned_by"), Json.Texts(entry, "aliases") ?? [], price, unit);
    }
}
