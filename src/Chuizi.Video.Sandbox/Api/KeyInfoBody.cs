using System.Text.Json;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The response to <c>GET /v1/key/info</c>: the balance, and the limits of the key (API contract, layer 2).</summary>
internal static class KeyInfoBody
{
    public static HttpReply Reply(SandboxOptions options, decimal balance) => JsonReply.Of(200, writer =>
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
}
