using System.Globalization;
using System.IO.Compression;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Faults;

/// <summary>Applies a fault to a response. The handlers apply the faults of media files and poll bodies themselves.</summary>
internal static class FaultInjector
{
    private const string LoopMark = "sandbox-loop=1";

    public static HttpReply Answer(RequestContext context, IRequestHandler handler)
    {
        if (context.Fault is not SandboxFault fault)
        {
            return context.Request.Query.Contains(LoopMark, StringComparison.Ordinal)
                ? Redirect(307, handler.Address + context.Request.Target)
                : handler.Answer(context);
        }

        context.Recorded.Fault = fault.Kind.ToString();
        HttpReply reply = Unprocessed(context, handler, fault) ?? Processed(handler.Answer(context), handler, fault);
        return fault.RetryAfter is TimeSpan after
            ? reply.With("Retry-After", Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture))
            : reply;
    }

    private static HttpReply? Unprocessed(RequestContext context, IRequestHandler handler, SandboxFault fault)
    {
        string target = context.Request.Target;
        int redirect = fault.Status == 0 ? 307 : fault.Status;
        return fault.Kind switch
        {
            FaultKind.DropBeforeAcceptance => new HttpReply(0) { IsDropped = true },
            FaultKind.Status => Error(handler, fault, 500),
            FaultKind.StatusWithoutEnvelope => WithoutEnvelope(fault, 502),
            FaultKind.NotFound => Error(handler, fault, 404),
            FaultKind.ErrorAsSuccess => Relabel(Error(handler, fault, 500), 200),
            FaultKind.RedirectOtherOrigin => Redirect(redirect, Location(fault) ?? handler.OtherAddress + target),
            FaultKind.RedirectHttp => Redirect(redirect, Location(fault) ?? "http://media.chuizi.invalid" + target),
            FaultKind.RedirectLoop => Redirect(
                redirect,
                handler.Address + target + (target.Contains('?', StringComparison.Ordinal) ? "&" : "?") + LoopMark),
            _ => null,
        };
    }

    private static HttpReply Processed(HttpReply reply, IRequestHandler handler, SandboxFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.DropAfterAcceptance:
                return new HttpReply(0) { IsDropped = true };
            case FaultKind.StatusAfterAcceptance:
                return fault.Word is null ? Error(handler, fault, 500) : WithoutEnvelope(fault, 500);
            case FaultKind.MalformedJson:
                return new HttpReply(reply.Status)
                {
                    ContentType = reply.ContentType,
                    Body = new BodySlice(reply.Body, 0, reply.Body.Length / 2),
                };
            case FaultKind.HtmlPage:
                return Page(200, "Welcome");
            case FaultKind.ContentCoding:
                return Coded(reply, fault.Word ?? "gzip");
            case FaultKind.StaleConnection:
                reply.StopAt = long.MaxValue;
                return reply;
            case FaultKind.Slow:
                reply.Delay = fault.Delay;
                return reply;
            case FaultKind.Truncated:
            case FaultKind.Stalled:
                reply.StopAt = fault.At;
                reply.Stalls = fault.Kind == FaultKind.Stalled;
                reply.StallTime = fault.Delay;
                return reply;
            default:
                return reply;
        }
    }

    private static HttpReply Error(IRequestHandler handler, SandboxFault fault, int status) =>
        handler.Error(fault.Status == 0 ? status : fault.Status, fault.Code, fault.Message);

    private static HttpReply WithoutEnvelope(SandboxFault fault, int defaultStatus)
    {
        int status = fault.Status == 0 ? defaultStatus : fault.Status;
        return fault.Word?.ToLowerInvariant() switch
        {
            "empty" => new HttpReply(status),
            "flat" => JsonReply.Of(status, writer =>
            {
                writer.WriteNumber("code", status);
                writer.WriteString("message", ReasonPhrase.Of(status));
            }),
            _ => Page(status, string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrase.Of(status)}")),
        };
    }

    private static HttpReply Relabel(HttpReply reply, int status) =>
        new(status) { ContentType = reply.ContentType, Body = reply.Body };

    private static HttpReply Coded(HttpReply reply, string coding)
    {
        using MemoryStream coded = new();
        using (
            Stream encoder = coding switch
            {
                "deflate" => new ZLibStream(coded, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(coded, CompressionLevel.Fastest, leaveOpen: true),
                _ => new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            })
        {
            encoder.Write(reply.Body.Slice(0, int.MaxValue).Span);
        }

        HttpReply answer = new(reply.Status) { ContentType = reply.ContentType, Body = new MemoryBody(coded.ToArray()) };
        foreach ((string name, string value) in reply.Headers)
        {
            answer.With(name, value);
        }

        return answer.With("Content-Encoding", coding);
    }

    private static string? Location(SandboxFault fault) =>
        fault.Location is { IsAbsoluteUri: true } absolute ? absolute.AbsoluteUri : fault.Location?.OriginalString;

    private static HttpReply Page(int status, string title) =>
        HttpReply.Text(
            status,
            HttpReply.Html,
            $"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");

    private static HttpReply Redirect(int status, string location) => new HttpReply(status).With("Location", location);
}
