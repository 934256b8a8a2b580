using System.Text;
using Chuizi.Video.Client.Api;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Creates API responses for tests of the code that reads them.</summary>
internal static class Replies
{
    public static ApiReply Of(string body, int status = 200, string? contentType = "application/json") =>
        Of(Encoding.UTF8.GetBytes(body), status, contentType);

    public static ApiReply Of(byte[] body, int status = 200, string? contentType = "application/json") =>
        new(status, body, contentType, "req-1", null);
}
