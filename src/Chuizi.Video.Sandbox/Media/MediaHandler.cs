using System.Globalization;
using Chuizi.Video.Sandbox.Api;
using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Media;

/// <summary>Serves the finished videos like a CDN: by URL alone, without a key, with ranges (RFC 9110).</summary>
internal sealed class MediaHandler(SandboxOptions options, JobStore jobs, string address) : IRequestHandler
{
    private const string Start = "/videos/";
    private const string End = ".mp4";

    private readonly VideoCache _videos = new(options.VideoPadding);

    public string Name => "media";

    public string Address => address;

    // To a client, the same files on another host name are another origin.
    public string OtherAddress => address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public TimeSpan Latency => options.MediaLatency;

    public void Route(RequestContext context)
    {
        ReadOnlySpan<char> path = context.Request.Path;
        if (!path.StartsWith(Start) || !path.EndsWith(End) || path.Length <= Start.Length + End.Length)
        {
            return;
        }

        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            context.AllowedMethods = "GET, HEAD";
            return;
        }

        context.Recorded.Route = SandboxRoute.Media;
        context.RequestedId = Uri.UnescapeDataString(path[Start.Length..^End.Length].ToString());
        context.Recorded.VideoId = jobs.Find(context.RequestedId)?.Id;
    }

    public HttpReply Error(int status, string? code = null, string? message = null) =>
        HttpReply.Text(
            status,
            "text/plain; charset=utf-8",
            message ?? string.Create(CultureInfo.InvariantCulture, $"{status} {ReasonPhrase.Of(status)}"));

    public HttpReply Answer(RequestContext context)
    {
        if (context.AllowedMethods is string methods)
        {
            return Error(405).With("Allow", methods);
        }

        if (jobs.Find(context.RequestedId) is not SandboxJob job || job.Id != context.RequestedId || job.Status != "succeeded")
        {
            return Error(404);
        }

        if (context.Fault?.Kind == FaultKind.ChangedETag)
        {
            job.ChangeMedia();
        }

        return Serve(context, job, File(job, context.Fault));
    }

    private ReplyBody File(SandboxJob job, SandboxFault? fault)
    {
        PaddedVideo file = _videos.Of(job);
        if (fault?.Kind != FaultKind.WrongLength)
        {
            return file;
        }

        return new BodySlice(file, 0, fault.At > 0 ? Math.Min(fault.At, file.Length) : file.Length / 2);
    }

    private static HttpReply Serve(RequestContext context, SandboxJob job, ReplyBody file)
    {
        string tag = string.Create(CultureInfo.InvariantCulture, $"\"{job.Id}-{job.MediaVersion}\"");
        string modified = job.Ends.ToString("r", CultureInfo.InvariantCulture);
        Dictionary<string, string> headers = context.Request.Headers;
        FaultKind? fault = context.Fault?.Kind;

        // RFC 9110, 13.1.5: if the file has changed since the client started, it is sent whole.
        bool isSame = !headers.TryGetValue("If-Range", out string? expected) || expected == tag || expected == modified;
        bool isRange = ByteRange.TryRead(headers.GetValueOrDefault("Range"), file.Length, out ByteRange range);
        if (fault == FaultKind.RangeNotSatisfiable || (isRange && isSame && fault != FaultKind.RangeIgnored && range.Length == 0))
        {
            return new HttpReply(416)
                .With("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}"));
        }

        HttpReply reply;
        if (isRange && isSame && fault != FaultKind.RangeIgnored)
        {
            reply = new HttpReply(206) { ContentType = "video/mp4", Body = new BodySlice(file, range.Start, range.Length) }.With(
                "Content-Range",
                string.Create(CultureInfo.InvariantCulture, $"bytes {range.Start}-{range.Start + range.Length - 1}/{file.Length}"));
        }
        else
        {
            reply = new HttpReply(200) { ContentType = "video/mp4", Body = file };
        }

        return reply.With("ETag", tag).With("Last-Modified", modified).With("Accept-Ranges", "bytes");
    }
}
