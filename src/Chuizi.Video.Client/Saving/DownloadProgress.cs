using System.Globalization;

namespace Chuizi.Video.Client.Saving;

/// <summary>The progress of downloads.</summary>
internal sealed record DownloadProgress
{
    private const double Megabyte = 1e6;

    /// <summary>The bytes of the files that are finished or in progress, including those of earlier runs.</summary>
    public long Bytes { get; init; }

    /// <summary>The expected bytes of all files; null if that cannot be estimated.</summary>
    public long? Expected { get; init; }

    /// <summary>Bytes per second; null at the start.</summary>
    public double? Rate { get; init; }

    /// <summary>The remaining time at this rate; null if that cannot be estimated.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The number of finished files, plus the finished fractions of those in progress.</summary>
    public double Files { get; init; }

    /// <summary>Bytes, expected bytes and rate, in the current culture: <c>1.2 of 10.0 MB, 2.5 MB/s</c>.</summary>
    public override string ToString()
    {
        string of = Expected is { } expected ? string.Create(CultureInfo.CurrentCulture, $" of {expected / Megabyte:0.0}") : "";
        string rate = Rate is { } bytes ? string.Create(CultureInfo.CurrentCulture, $", {bytes / Megabyte:0.0} MB/s") : "";
        return string.Create(CultureInfo.CurrentCulture, $"{Bytes / Megabyte:0.0}{of} MB{rate}");
    }
}
