using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The response to <c>GET /v1/models</c> (API contract, layer 2).</summary>
internal static class ModelListBody
{
    public static HttpReply Reply() => JsonReply.Of(200, writer =>
    {
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");

        // The gateway also lists models of other kinds. Clients must select the video models.
        ChatModel(writer, "anthropic/claude-sandbox", "claude-sandbox", "0.00000300", "0.00001500");
        foreach (VideoModel model in ModelCatalogue.All)
        {
            writer.WriteStartObject();
            writer.WriteString("id", model.Name);
            writer.WriteString("object", "model");
            writer.WriteString("owned_by", model.Name[..model.Name.IndexOf('/', StringComparison.Ordinal)]);
            writer.WriteStartArray("aliases");
            writer.WriteEndArray();
            writer.WriteStartObject("pricing");
            writer.WriteString("output", JobBodies.Money(ModelPrices.PerSecond(model.Name)));
            writer.WriteString("unit", "second");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        ChatModel(writer, "openai/gpt-sandbox", "gpt-sandbox", "0.00000125", "0.00001000");
        writer.WriteEndArray();
    });

    private static void ChatModel(Utf8JsonWriter writer, string id, string alias, string input, string output)
    {
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteString("object", "model");
        writer.WriteString("owned_by", id[..id.IndexOf('/', StringComparison.Ordinal)]);
        writer.WriteStartArray("aliases");
        writer.WriteStringValue(alias);
        writer.WriteEndArray();
        writer.WriteStartObject("pricing");
        writer.WriteString("input", input);
        writer.WriteString("output", output);
        writer.WriteString("unit", "token");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
