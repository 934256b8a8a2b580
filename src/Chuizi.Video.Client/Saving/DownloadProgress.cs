using System.Globalization;

namespace Chuizi.Video.Client.Saving;

/// <summary>How far downloads are.</summary>
internal sealed record DownloadProgress
{
    private const double Megabyte = 1e6;

    /// <summary>Bytes of files that are whole or under way, those of earlier runs included.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that all files will have, as far as it can be told; null where it cannot.</summary>
    public long? Expected { get; init; }

    /// <summary>Bytes a second; null at the start.</summary>
    public double? Rate { get; init; }

    /// <summary>How long the rest will take at this rate; null where it cannot be told.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>What the files that came and those under way add up to, in files.</summary>
    public double Files { get; init; }

    /// <summary>Bytes, those that are expected, and the rate, as the culture writes numbers.</summary>
    public override string ToString()
    {
        string of = Expected is { } expected ? string.Create(CultureInfo.CurrentCulture, $" of {expected / Megabyte:0.0}") : "";
        string rate = Rate is { } bytes ? string.Create(CultureInfo.CurrentCulture, $", {bytes / Megabyte:0.0} MB/s") : "";
        return string.Create(CultureInfo.CurrentCulture, $"{Bytes / Megabyte:0.0}{of} MB{rate}");
    }
}
