using System.Globalization;

namespace Chuizi.Video.Client.Tests.Support;

/// <summary>Sets the culture for the duration of a test, because most cultures format numbers differently.</summary>
internal sealed class InCulture : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    public InCulture(string name) => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);

    public void Dispose() => CultureInfo.CurrentCulture = _before;
}
