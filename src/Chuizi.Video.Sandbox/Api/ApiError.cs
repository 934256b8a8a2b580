using Chuizi.Video.Sandbox.Http;

namespace Chuizi.Video.Sandbox.Api;

/// <summary>An error with the gateway's envelope (API contract, layer 2).</summary>
internal sealed record ApiError(int Status, string Code, string Message)
{
    public static ApiError Validation(string message) => new(400, "validation_error", message);

    /// <summary>The error for a status, with the default code and message unless specified.</summary>
    public static ApiError Of(int status, string? code = null, string? message = null)
    {
        (string usualCode, string usualMessage) = Usual(status);
        return new ApiError(status, code ?? usualCode, message ?? usualMessage);
    }

    public HttpReply ToReply() => JsonReply.Of(Status, writer =>
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", Message);
        writer.WriteString("type", Type(Status));
        writer.WriteString("code", Code);
        writer.WriteEndObject();
    });

    private static (string Code, string Message) Usual(int status) => status switch
    {
        400 => ("validation_error", "The request is not valid."),
        401 => ("invalid_api_key", "The API key is missing or not valid."),
        402 => ("insufficient_balance", "The balance does not cover this request."),
        403 => ("model_not_allowed", "The API key may not use this model."),
        404 => ("not_found", "Not found."),
        405 => ("method_not_allowed", "The method is not allowed for this URL."),
        429 => ("rate_limit_exceeded", "Too many requests. Slow down."),
        500 => ("internal_error", "Internal error."),
        502 => ("provider_error", "The provider failed."),
        503 => ("provider_unavailable", "The provider is not available."),
        504 => ("provider_timeout", "The provider did not respond in time."),
        _ => (status.ToString(System.Globalization.CultureInfo.InvariantCulture), ReasonPhrase.Of(status)),
    };

    private static string Type(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
