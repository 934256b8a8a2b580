using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Chuizi.Video.Sandbox;
using Shouldly;

namespace Chuizi.Video.Client.Tests.Sandbox;

/// <summary>A plain HTTP client with the key, for tests of the sandbox itself.</summary>
internal sealed class SandboxClient : IDisposable
{
    public const string Body = """{"model":"google/veo-3.1-lite","prompt":"A red kite","duration":5}""";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public SandboxClient(SandboxServer server)
    {
        Server = server;
        Key = server.ApiKey;
    }

    public SandboxServer Server { get; }

    public string? Key { get; set; }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? fault = null,
        params (string Name, string Value)[] headers)
    {
        bool isMedia =
            path.StartsWith("/videos/", StringComparison.Ordinal)
            && !path.StartsWith("/videos/generations", StringComparison.Ordinal)
            && path.EndsWith(".mp4", StringComparison.Ordinal);
        var address = new Uri((isMedia ? Server.MediaAddress.AbsoluteUri.TrimEnd('/') : Server.BaseAddress.AbsoluteUri) + path);
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = Key is null || isMedia ? null : new AuthenticationHeaderValue("Bearer", Key);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (fault is not null)
        {
            request.Headers.Add("X-Sandbox-Fault", fault);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request);
    }

    public Task<HttpResponseMessage> SubmitAsync(string body = Body, string? fault = null) =>
        SendAsync(HttpMethod.Post, "/videos/generations", body, fault);

    public Task<HttpResponseMessage> GetAsync(string path, string? fault = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, fault: fault, headers: headers);

    /// <summary>Submits a video that must be accepted, and returns its id.</summary>
    public async Task<string> MakeAsync(string body = Body)
    {
        using HttpResponseMessage response = await SubmitAsync(body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await JsonAsync(response))["id"]!.GetValue<string>();
    }

    public async Task<JsonObject> PollAsync(string id)
    {
        using HttpResponseMessage response = await GetAsync("/videos/" + id);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await JsonAsync(response);
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    /// <summary>Checks that the response has an error envelope, and returns its code and message.</summary>
    public static async Task<(string Code, string Message)> ErrorAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        response.StatusCode.ShouldBe(status);
        response.Headers.GetValues("X-Request-Id").Single().ShouldNotBeNullOrEmpty();
        JsonObject error = (await JsonAsync(response))["error"]!.AsObject();
        error["type"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        return (error["code"]!.GetValue<string>(), error["message"]!.GetValue<string>());
    }

    public void Dispose() => _http.Dispose();
}
