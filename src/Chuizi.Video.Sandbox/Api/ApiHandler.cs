using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>Handles the requests to the API: routes, key check, rate limit, submission and polls.</summary>
internal sealed class ApiHandler(SandboxOptions options, JobStore jobs, string address, string mediaAddress) : IRequestHandler
{
    private const string Videos = "/v1/videos/";

    private readonly JobBodies _bodies = new(options, mediaAddress);
    private readonly SubmitRules _rules = new(options.AllowedModels);
    private readonly RateWindow _window = new(options.RequestsPerMinute, options.Clock);

    public string Name => "api";

    public string Address => address;

    public string OtherAddress => mediaAddress;

    public TimeSpan Latency => options.Latency;

    public void Route(RequestContext context)
    {
        ReadOnlySpan<char> path = context.Request.Path;
        (SandboxRoute route, string method) = path switch
        {
            "/v1/videos/generations" => (SandboxRoute.Submit, "POST"),
            "/v1/models" => (SandboxRoute.Models, "GET"),
            "/v1/key/info" => (SandboxRoute.KeyInfo, "GET"),
            "/v1/generation" => (SandboxRoute.Generation, "GET"),
            _ when path.StartsWith(Videos) && path.Length > Videos.Length && !path[Videos.Length..].Contains('/') => (
                SandboxRoute.Poll,
                "GET"),
            _ => (SandboxRoute.Any, context.Request.Method),
        };
        if (context.Request.Method != method)
        {
            context.AllowedMethods = method;
            return;
        }

        context.Recorded.Route = route;
        context.RequestedId = route switch
        {
            SandboxRoute.Poll => Uri.UnescapeDataString(path[Videos.Length..].ToString()),
            SandboxRoute.Generation => QueryId(context.Request.Query),
            _ => "",
        };
        context.Recorded.VideoId = context.RequestedId.Length > 0 ? jobs.Find(context.RequestedId)?.Id : null;
    }

    public HttpReply Error(int status, string? code = null, string? message = null) => ApiError.Of(status, code, message).ToReply();

    public HttpReply Answer(RequestContext context) => _window.AddHeaders(Process(context));

    private HttpReply Process(RequestContext context)
    {
        SandboxRoute route = context.Recorded.Route;
        if (context.AllowedMethods is string methods)
        {
            return Error(405).With("Allow", methods);
        }

        if (route == SandboxRoute.Any)
        {
            return Error(404);
        }

        if (!HasKey(context.Request))
        {
            return Error(401);
        }

        // The contract does not say whether polls count. The sandbox assumes that they do (API contract, layer 2).
        if (route is SandboxRoute.Submit or SandboxRoute.Poll && !_window.TryTake())
        {
            return Error(429);
        }

        return route switch
        {
            SandboxRoute.Submit => Submit(context),
            SandboxRoute.Models => ModelListBody.Reply(),
            SandboxRoute.KeyInfo => KeyInfoBody.Reply(options, jobs.Balance),
            _ => Find(context),
        };
    }

    private HttpReply Submit(RequestContext context)
    {
        ReadOnlySpan<byte> body = context.Request.Body.Span;
        (SubmitFields? fields, ApiError? error) = SubmitReader.Read(body);
        ValidSubmission? submission = null;
        if (fields is not null)
        {
            (submission, error) = _rules.Apply(fields);
        }

        SandboxJob? job = null;
        if (submission is not null)
        {
            (job, error) = jobs.Submit(submission, ShortenedBody.Of(body));
        }

        if (job is null)
        {
            return error!.ToReply();
        }

        context.Recorded.VideoId = job.Id;
        context.Recorded.Accepted = true;
        return JobBodies.Submitted(job);
    }

    private HttpReply Find(RequestContext context)
    {
        if (context.RequestedId.Length == 0)
        {
            return ApiError.Validation("id is required.").ToReply();
        }

        bool isPoll = context.Recorded.Route == SandboxRoute.Poll;
        if (jobs.Find(context.RequestedId) is not SandboxJob job || (isPoll && job.Id != context.RequestedId))
        {
            return new ApiError(404, "generation_not_found", "Generation not found.").ToReply();
        }

        return isPoll ? _bodies.Poll(job, context.Fault) : _bodies.Generation(job);
    }

    private bool HasKey(HttpRequest request) =>
        request.Headers.TryGetValue("Authorization", out string? value)
        && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && value.AsSpan("Bearer ".Length).Trim().SequenceEqual(options.ApiKey);

    private static string QueryId(ReadOnlySpan<char> query)
    {
        foreach (string pair in query.ToString().Split('&'))
        {
            if (pair.StartsWith("id=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair["id=".Length..]);
            }
        }

        return "";
    }
}
