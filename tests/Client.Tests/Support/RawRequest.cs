using System.Text;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A request as it arrived on the wire.</summary>
internal sealed record RawRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
