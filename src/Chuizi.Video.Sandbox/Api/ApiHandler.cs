using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>The routes, key check and rate limit of the API.</summary>
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

    public void Route(RequestContext exchange)
    {
        ReadOnlySpan<char> path = exchange.Request.Path;
        (SandboxRoute route, string method) = path switch
        {
            "/v1/videos/generations" => (SandboxRoute.Submit, "POST"),
            "/v1/models" => (SandboxRoute.Models, "GET"),
            "/v1/key/info" => (SandboxRoute.KeyInfo, "GET"),
            "/v1/generation" => (SandboxRoute.Generation, "GET"),
            _ when path.StartsWith(Videos) && path.Length > Videos.Length && !path[Videos.Length..].Contains('/') => (
                SandboxRoute.Poll,
                "GET"),
            _ => (SandboxRoute.Any, exchange.Request.Method),
        };
        if (exchange.Request.Method != method)
        {
            exchange.AllowedMethods = method;
            return;
        }

        exchange.Recorded.Route = route;
        exchange.Argument = route switch
        {
            SandboxRoute.Poll => Uri.UnescapeDataString(path[Videos.Length..].ToString()),
            SandboxRoute.Generation => QueryId(exchange.Request.Query),
            _ => "",
        };
        exchange.Recorded.VideoId = exchange.Argument.Length > 0 ? jobs.Find(exchange.Argument)?.Id : null;
    }

    public HttpReply Error(int status, string? code = null, string? message = null) => ApiError.Of(status, code, message).ToReply();

    public HttpReply Answer(RequestContext exchange) => _window.AddHeaders(Process(exchange));

    private HttpReply Process(RequestContext exchange)
    {
        SandboxRoute route = exchange.Recorded.Route;
        if (exchange.AllowedMethods is string methods)
        {
            return Error(405).With("Allow", methods);
        }

        if (route == SandboxRoute.Any)
        {
            return Error(404);
        }

        if (!HasKey(exchange.Request))
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
            SandboxRoute.Submit => Submit(exchange),
            SandboxRoute.Models => ModelListBody.Reply(),
            SandboxRoute.KeyInfo => KeyInfoBody.Reply(options, jobs.Balance),
            _ => Find(exchange),
        };
    }

    private HttpReply Submit(RequestContext exchange)
    {
        ReadOnlySpan<byte> body = exchange.Request.Body.Span;
        (SubmitFields? fields, ApiError? error) = SubmitReader.Read(body);
        ValidSubmission? plan = null;
        if (fields is not null)
        {
            (plan, error) = _rules.Apply(fields);
        }

        SandboxJob? job = null;
        if (plan is not null)
        {
            (job, error) = jobs.Submit(plan, ShortenedBody.Of(body));
        }

        if (job is null)
        {
            return error!.ToReply();
        }

        exchange.Recorded.VideoId = job.Id;
        exchange.Recorded.Accepted = true;
        return JobBodies.Submitted(job);
    }

    private HttpReply Find(RequestContext exchange)
    {
        if (exchange.Argument.Length == 0)
        {
            return ApiError.Validation("id is required.").ToReply();
        }

        bool isPoll = exchange.Recorded.Route == SandboxRoute.Poll;
        if (jobs.Find(exchange.Argument) is not SandboxJob job || (isPoll && job.Id != exchange.Argument))
        {
            return new ApiError(404, "generation_not_found", "Generation not found.").ToReply();
        }

        return isPoll ? _bodies.Poll(job, exchange.Fault) : _bodies.Generation(job);
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
