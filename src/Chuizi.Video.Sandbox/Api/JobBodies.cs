using System.Globalization;
using System.Text.Json;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>Describes jobs like the API (API contract, layers 1 and 2).</summary>
internal sealed class JobBodies(SandboxOptions options, string mediaAddress)
{
    public static HttpReply Submitted(SandboxJob job) => JsonReply.Of(200, writer =>
    {
        writer.WriteString("id", job.Id);
        writer.WriteString("status", "processing");
        writer.WriteNumber("created", Unix(job.Created));
        writer.WriteString("model", job.Model);
        writer.WriteString("task_id", job.Id);
        writer.WriteStartObject("x_chuizi");
        writer.WriteString("generation_id", job.GenerationId);
        writer.WriteEndObject();
    });

    /// <summary>The response to a poll. <paramref name="fault"/> may change its status or format.</summary>
    public HttpReply Poll(SandboxJob job, SandboxFault? fault)
    {
        SandboxResultShape? shape = fault?.Kind switch
        {
            FaultKind.LegacyShape => SandboxResultShape.Legacy,
            FaultKind.MissingUrl => null,
            _ => options.Shape,
        };
        string status = fault?.Kind == FaultKind.UnknownStatusWord ? fault.Word ?? "queued" : job.Status;
        return JsonReply.Of(200, writer =>
        {
            writer.WriteString("id", job.Id);
            switch (status)
            {
                case "failed":
                    Failed(writer);
                    break;
                case "succeeded":
                    Succeeded(writer, job, shape);
                    break;
                default:
                    writer.WriteString("status", status);
                    writer.WriteNumber("created", Unix(job.Created));
                    break;
            }
        });
    }

    /// <summary>The cost record. Its status and URL have the same format as a poll's.</summary>
    public HttpReply Generation(SandboxJob job) => JsonReply.Of(200, writer =>
    {
        writer.WriteStartObject("data");
        writer.WriteString("generation_id", job.GenerationId);
        writer.WriteString("id", job.Id);
        switch (job.Status)
        {
            case "failed":
                Failed(writer);
                writer.WriteString("model", job.Model);
                writer.WriteString("cost", Money(0));
                break;
            case "succeeded":
                Succeeded(writer, job, options.Shape);
                break;
            default:
                writer.WriteString("status", job.Status);
                writer.WriteString("model", job.Model);
                writer.WriteString("cost", Money(job.Cost));
                writer.WriteNumber("created", Unix(job.Created));
                break;
        }

        writer.WriteEndObject();
    });

    /// <summary>A decimal string with eight decimal places, as in the contract's example.</summary>
    public static string Money(decimal amount) => amount.ToString("F8", CultureInfo.InvariantCulture);

    private static void Failed(Utf8JsonWriter writer)
    {
        writer.WriteString("status", "failed");
        writer.WriteStartObject("error");
        writer.WriteString("message", "Content policy violation");
        writer.WriteString("type", "invalid_request_error");
        writer.WriteEndObject();
    }

    private void Succeeded(Utf8JsonWriter writer, SandboxJob job, SandboxResultShape? shape)
    {
        string address = $"{mediaAddress}/videos/{job.Id}.mp4";
        writer.WriteString("status", shape == SandboxResultShape.Legacy ? "completed" : "succeeded");
        writer.WriteString("model", job.Model);
        if (shape is SandboxResultShape.Contract or SandboxResultShape.UrlOnly)
        {
            writer.WriteString("url", address);
        }

        if (shape is SandboxResultShape.Contract or SandboxResultShape.VideoUrlOnly)
        {
            writer.WriteString("video_url", address);
        }

        if (shape == SandboxResultShape.Legacy)
        {
            writer.WriteStartObject("output");
            writer.WriteString("video_url", address);
            writer.WriteEndObject();
        }

        writer.WriteString("cost", Money(job.Cost));
        writer.WriteNumber("latency_ms", (long)(job.Ends - job.Created).TotalMilliseconds);
        writer.WriteNumber("created", Unix(job.Created));
    }

    private static long Unix(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();
}
