using System.Globalization;
using System.Text.Json;
using Chuizi.Video.Client.Text;

namespace Chuizi.Video.Client.Api;

/// <summary>
/// The managed identity of Azure Automation and App Service: a local endpoint, named in two environment variables, that returns tokens
/// (Azure Automation, "Using a system-assigned managed identity").
/// </summary>
internal static class ManagedIdentity
{
    private const string EndpointVariable = "IDENTITY_ENDPOINT";
    private const string HeaderVariable = "IDENTITY_HEADER";
    private const string Resource = "https://storage.azure.com/";
    private const string Version = "2019-08-01";
    private const int Attempts = 3;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <summary>Whether the machine has one.</summary>
    public static bool Exists => Endpoint is not null && Environment.GetEnvironmentVariable(HeaderVariable) is { Length: > 0 };

    private static Uri? Endpoint => Uri.TryCreate(Environment.GetEnvironmentVariable(EndpointVariable), UriKind.Absolute, out Uri? address)
        && address.Scheme is "http" or "https" ? address : null;

    /// <summary>Returns a token for Azure Storage.</summary>
    /// <param name="wait">Waits before another attempt.</param>
    /// <exception cref="ChuiziException">LedgerUnavailable: no token was returned; the message says why.</exception>
    public static BlobToken Obtain(Action<TimeSpan> wait)
    {
        string problem = "";
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            if (attempt > 1)
            {
                wait(TimeSpan.FromMilliseconds(500 * attempt));
            }

            try
            {
                using HttpRequestMessage request = new(HttpMethod.Get, AddressOf(Endpoint!)) { Version = System.Net.HttpVersion.Version11 };
                request.Headers.TryAddWithoutValidation("X-IDENTITY-HEADER", Environment.GetEnvironmentVariable(HeaderVariable));
                request.Headers.TryAddWithoutValidation("Metadata", "True");
                using CancellationTokenSource limit = new(s_timeout);
                using HttpResponseMessage response = HttpPool.For(request.RequestUri!).Send(request, limit.Token);
                byte[] body = BlobReply.Read(response, limit.Token).Body;
                if (response.IsSuccessStatusCode && Read(body) is { } token)
                {
                    return token;
                }

                // A response with a token must not be shown.
                problem = response.IsSuccessStatusCode
                    ? "the response has no access_token."
                    : $"HTTP status {(int)response.StatusCode}: {TerminalText.OfBody(body)}";
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                problem = exception.GetBaseException().Message;
            }
        }

        throw new ChuiziException(
            ChuiziErrorKind.LedgerUnavailable, $"The managed identity returned no token for Azure Storage: {SecretRedactor.Mask(problem)}");
    }

    private static Uri AddressOf(Uri endpoint)
    {
        string start = endpoint.Query.Length > 0 ? "&" : "?";
        return new Uri($"{endpoint}{start}resource={Uri.EscapeDataString(Resource)}&api-version={Version}");
    }

    private static BlobToken? Read(byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            string? value = document.RootElement.GetProperty("access_token").GetString();
            // A number or its text, in seconds since 1970.
            string expires = document.RootElement.TryGetProperty("expires_on", out JsonElement end) ? end.ToString() : "";
            return string.IsNullOrEmpty(value) ? null : new BlobToken(
                value,
                long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                    ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799))
                    : DateTimeOffset.UtcNow.AddMinutes(30));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
