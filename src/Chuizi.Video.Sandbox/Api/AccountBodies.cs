using System.Text.Json;
using Chuizi.Video.Client.Models;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>Describes models and the key like the API (API contract, layer 2).</summary>
internal static class AccountBodies
{
    public static HttpReply Models() => JsonReply.Of(200, writer =>
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

    public static HttpReply Key(SandboxOptions options, decimal balance) => JsonReply.Of(200, writer =>
    {
        if (options.WrapKeyInfo)
        {
            writer.WriteStartObject("data");
        }

        writer.WriteString("name", "sandbox");
        writer.WriteString("balance", JobBodies.Money(balance));
        WriteNumber(writer, "rpm_limit", options.RequestsPerMinute);
        if (options.DailyLimit is decimal limit)
        {
            writer.WriteString("daily_limit", JobBodies.Money(limit));
        }
        else
        {
            writer.WriteNull("daily_limit");
        }

        WriteModels(writer, options.AllowedModels);
        if (options.WrapKeyInfo)
        {
            writer.WriteEndObject();
        }
    });

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? number)
    {
        if (number is int value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteModels(Utf8JsonWriter writer, IReadOnlyList<string>? models)
    {
        if (models is null)
        {
            writer.WriteNull("allowed_models");
            return;
        }

        writer.WriteStartArray("allowed_models");
        foreach (string model in models)
        {
            writer.WriteStringValue(model);
        }

        writer.WriteEndArray();
    }

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
