using System.Globalization;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>A culture for the time of a test: numbers look different in most of the world.</summary>
internal sealed class InCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public InCulture(string name) => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
